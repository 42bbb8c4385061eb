// Parts of one comparison from several folders: one table out of them, refused by name where they belong to no one table;
// and the report of a comparison.
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presetParams } from '../../settings/presets';
import { FileUnwritable } from '../errors';
import { openScene, type Scene } from '../testing/comparing';
import { quietTerminal } from '../testing/quietTerminal';
import { BadComparison, NoComparison, PartsDisagree } from './errors';
import { runPath } from './folder';
import { merge } from './merge';
import { readMethods } from './variants';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(() => scene.remove());

const place = (name: string) => join(scene.folder, name);
const halves = [
  { shard: { index: 1, count: 2 }, out: 'part-1' },
  { shard: { index: 2, count: 2 }, out: 'part-2' },
];

/** Both halves of the runs, each in a folder of its own; `changes` are of the second. */
async function runHalves(changes: Parameters<Scene['run']>[0] = {}) {
  const made = [];
  for (const [i, { shard, out }] of halves.entries()) {
    made.push(await scene.run({ shard, out: place(out), ...(i === 1 ? changes : {}) }));
  }
  return made;
}

const mergeHalves = (out = place('all'), report: string | null = null) =>
  merge({ folders: halves.map((half) => place(half.out)), out, report }, quietTerminal());

describe('parts in several folders', () => {
  it('give the table that one command gives, also where a method needs no weights', async () => {
    const variants = readMethods('grad,riad');
    for (const { shard, out } of halves) await scene.run({ shard, out: place(out), variants });
    await scene.run({ variants });
    await mergeHalves();
    for (const name of ['table.json', 'table.csv', 'table.tex']) {
      expect(await readFile(join(place('all'), name), 'utf8')).toBe(
        await readFile(join(scene.out, name), 'utf8'),
      );
    }
  });

  it('are refused by name when one saw other images or masks, and nothing is written', async () => {
    await runHalves();
    await scene.layPicture('data/nut/test/crack/a.png', 21);
    // A part of another machine, whose copy of the data is another one.
    await scene.run({ variants: readMethods('grad'), out: place('part-2'), rerun: true });
    const error = await mergeHalves().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartsDisagree);
    expect((error as Error).message).toMatch(/part-2.*seed-\d\.json saw other images or labels of nut than/);
    await expect(readFile(join(place('all'), 'table.json'))).rejects.toThrow();
  });

  it('are refused by name when one had other settings', async () => {
    await runHalves({ params: { ...presetParams('demo'), blocks: 2 } });
    await expect(mergeHalves()).rejects.toThrow(/part-2.*seed-0\.json has blocks 2 where .*part-1/);
  });

  it('are refused when they did the same run and it came out otherwise', async () => {
    await scene.run({ out: place('part-1') });
    await scene.run({ out: place('part-2') });
    await mergeHalves();
    const path = join(place('part-2'), 'runs/nut/grad/seed-1.json');
    const document = JSON.parse(await readFile(path, 'utf8')) as { metrics: Record<string, number> };
    document.metrics['image_auroc'] = 0.123;
    await writeFile(path, JSON.stringify(document));
    await expect(mergeHalves()).rejects.toThrow(/part-2.*came out otherwise than .*part-1/);
  });

  it('are refused when one is unified, and when one is no comparison', async () => {
    await runHalves({ unified: true, shard: null });
    await expect(mergeHalves()).rejects.toThrow(BadComparison);
    await expect(
      merge({ folders: [place('part-1'), place('data')], out: place('all'), report: null }, quietTerminal()),
    ).rejects.toThrow(NoComparison);
  });

  it('name no path outside their folder, whatever a plan of theirs calls its classes', () => {
    for (const name of ['../../etc', '..', '/etc', 'a\\..\\b', '.\u0000./x']) {
      const path = runPath({ className: name, label: name, seed: 0 });
      expect(relative('part', join('part', path)).split(sep)).toHaveLength(4);
      expect(path.split(sep)).not.toContain('..');
    }
  });

  it('are said below the table of a command that finds them in its folder', async () => {
    await scene.run({ variants: readMethods('grad') });
    const params = { ...presetParams('demo'), blocks: 2 };
    await scene.run({ variants: readMethods('grad'), seeds: [2], params });
    const { terminal, error } = await scene.run({ variants: readMethods('grad'), seeds: [3] });
    expect(error).toBeNull();
    expect(terminal.output).toMatch(/seed-2\.json has blocks 2 where/);
  });
});

describe('the report of a comparison', () => {
  const drawn = (html: string) => ({
    charts: [...html.matchAll(/<svg /g)].length,
    maps: [...html.matchAll(/<img /g)].length,
  });

  it('holds table, curves and maps of mistakes, also from the parts of several jobs', async () => {
    // A normal image of many bytes scores high with the engine of these tests.
    await scene.layPicture('data/nut/test/good/large.png', 30);
    for (const { shard, out } of halves) {
      await scene.run({ shard, out: place(out), report: join(place(out), 'report.html') });
    }
    const path = place('report.html');
    await mergeHalves(place('all'), path);
    const html = await readFile(path, 'utf8');
    expect(html).toContain('<caption>nut</caption>');
    expect(html).toContain('SHA-256 of images and labels of cap');
    // Two curves for each class and, as both methods score alike here, one mistake for either.
    expect(drawn(html).charts).toBe(4);
    expect(drawn(html).maps).toBeGreaterThan(0);
    expect(html).toContain('test/good/large.png');
  });

  it('says so where runs kept neither', async () => {
    await scene.run({ variants: readMethods('grad'), seeds: [0] });
    const path = place('report.html');
    await merge({ folders: [scene.out], out: scene.out, report: path }, quietTerminal());
    const html = await readFile(path, 'utf8');
    expect(drawn(html)).toEqual({ charts: 0, maps: 0 });
    expect(html).toContain('There are no curves');
  });

  it('leaves out what is damaged in a stored run, and takes the place of none', async () => {
    await scene.run({ variants: readMethods('grad'), seeds: [0], report: place('report.html') });
    const run = join(scene.out, 'runs/nut/grad/seed-0.json');
    const document = JSON.parse(await readFile(run, 'utf8')) as Record<string, unknown>;
    await writeFile(run, JSON.stringify({ ...document, curves: { image: 7 }, cases: '<script>' }));
    const request = { folders: [scene.out], out: scene.out };
    await merge({ ...request, report: place('report.html') }, quietTerminal());
    expect(await readFile(place('report.html'), 'utf8')).not.toContain('<script>');
    await expect(merge({ ...request, report: run }, quietTerminal())).rejects.toThrow(FileUnwritable);
  });
});
