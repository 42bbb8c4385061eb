// A detector taken away, run in a browser by onnxruntime-web, says of the page's own images what the page says. Its one
// report is a file that stands alone.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type * as Runtime from 'onnxruntime-web';
import { Playground } from './pages/playground';

const RUNTIME = 'node_modules/onnxruntime-web/dist';
/** Of the scores' range: the two round differently, and decode with libraries of their own. */
const CLOSE = 1e-3;

const downloaded = async (page: Page, act: () => Promise<void>): Promise<Buffer> => {
  const downloading = page.waitForEvent('download');
  await act();
  return readFile(await (await downloading).path());
};

/** Scores of encoded images by their paths, from a page that has nothing but the runtime. */
async function inRuntime(page: Page, model: Buffer, paths: readonly string[]): Promise<number[]> {
  await page.route('**/runtime/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1)!;
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
    if (name === 'detector.onnx') return route.fulfill({ body: model });
    return route.fulfill({ path: join(RUNTIME, name) });
  });
  await page.goto('./runtime/');
  return page.evaluate(async (images) => {
    const place = new URL('./', location.href).href;
    const ort = (await import(`${place}ort.wasm.min.mjs`)) as typeof Runtime;
    Object.assign(ort.env.wasm, { wasmPaths: place, numThreads: 1 });
    const bytes = await (await fetch('./detector.onnx')).arrayBuffer();
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const scores: number[] = [];
    for (const path of images) {
      const image = await createImageBitmap(await (await fetch(`../demo/parts/${path}`)).blob());
      const { width, height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const rgb = data.filter((_, i) => i % 4 !== 3);
      const input = new ort.Tensor('uint8', new Uint8Array(rgb), [1, height, width, 3]);
      const { anomaly_map: map, score } = await session.run({ image: input });
      const highest = (map!.data as Float32Array).reduce((a, b) => Math.max(a, b));
      if (Math.abs(highest - Number(score!.data[0])) > 1e-6) throw new Error('the score is not the highest of the map');
      scores.push(Number(score!.data[0]));
    }
    return scores;
  }, paths); // prettier-ignore
}

test('a detector taken away says in onnxruntime-web what the page says', async ({ page, context }) => {
  const app = new Playground(page);
  await app.fewImages();
  await app.open();
  await app.live();
  const csv = String(await downloaded(page, () => page.getByRole('button', { name: 'Save the scores as CSV' }).click())); // prettier-ignore
  const rows = csv.trim().split('\n').slice(1).map((line) => line.split(',')); // prettier-ignore
  const test = rows.filter(([path]) => path!.startsWith('test/'));
  const ours = test.map(([, , , score]) => Number(score));
  expect(ours.length).toBeGreaterThan(4);
  const report = String(await downloaded(page, () => page.getByRole('button', { name: 'Save a report as HTML' }).click())); // prettier-ignore
  expect(report).toContain('<h2>Worst misses and false alarms</h2>');
  expect(report).not.toMatch(/<script|(src|href)="(?!data:|#)/);
  await page.getByRole('button', { name: 'Save or open a session' }).click();
  const model = await downloaded(page, () => page.getByRole('button', { name: 'Export ONNX' }).click());
  const theirs = await inRuntime(await context.newPage(), model, test.map(([path]) => path!)); // prettier-ignore
  const range = Math.max(...ours) - Math.min(...ours);
  theirs.forEach((score, i) => expect(Math.abs(score - ours[i]!) / range, test[i]![0]).toBeLessThan(CLOSE));
  const order = (scores: readonly number[]) => scores.map((_, i) => i).toSorted((a, b) => scores[b]! - scores[a]!); // prettier-ignore
  expect(order(theirs)).toEqual(order(ours));
  expect(app.complaints).toEqual([]);
});
