// A zip stands for its folder: same paths, same sides, same names. And what is no set of images is told apart.
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { LAYOUT_TREES } from '../../lib/datasets/fixtures/layoutTrees';
import { encodePng } from '../../lib/formats/png';
import { decodeMask } from '../../lib/images/decode';
import { zipOf } from '../../lib/formats/zip/fixtures/zipBytes';
import { maskFileOf, readDrop, refusalsOf, regionsIn } from './dropReader';
import { isPacked } from './ownFiles';

const BYTES = new TextEncoder().encode('not decoded here');
const dropped = (path: string, bytes: Uint8Array<ArrayBuffer> = BYTES) => {
  return { path, file: new File([bytes], path.split('/').at(-1)!) };
};
const archive = (path: string, files: Parameters<typeof zipOf>[0]) => dropped(path, zipOf(files));
const textOf = (tables: Record<string, string> | undefined, path: string) =>
  tables?.[path] ? new TextEncoder().encode(tables[path]) : BYTES;

describe.each(LAYOUT_TREES)('$name', ({ paths, tables, summary }) => {
  it('is the same packed and unpacked', async () => {
    const inside = Object.fromEntries(paths.map((path) => [`set/${path}`, textOf(tables, path)]));
    const folder = await readDrop(
      Object.entries(inside).map(([path, bytes]) => dropped(path, bytes)),
      'train',
    );
    const zip = await readDrop([archive('set.zip', inside)], 'train');
    expect(zip.report).toEqual(folder.report);
    expect(zip.report.summary).toBe(summary);
    const bare = Object.fromEntries(paths.map((path) => [path, textOf(tables, path)]));
    const rootless = await readDrop([archive('set.zip', bare)], 'train');
    // A zip within one folder only needs no other around it.
    if (new Set(paths.map((path) => path.split('/')[0])).size > 1)
      expect(rootless.report.images).toEqual(folder.report.images);
  });
});

describe('tars', () => {
  it('stand for their folders as zips do', async () => {
    const tar = await packTar(['train/good/0.png', 'test/dent/0.png'].map((name) => ({ header: { name, size: BYTES.length }, body: BYTES }))); // prettier-ignore
    const { report, files } = await readDrop([dropped('nut.tar.gz', new Uint8Array(gzipSync(tar))), dropped('cap.tar', tar)], 'train'); // prettier-ignore
    expect(report.categories).toEqual(['cap', 'nut']);
    const file = files.get('nut/train/good/0.png')!;
    expect(isPacked(file) && (await file.unpack()).size).toBe(BYTES.length);
  });
});

describe('masks', () => {
  const mask = (defect: number) =>
    encodePng({ width: 2, height: 2, data: new Uint8Array(4).fill(255, 0, defect) });
  const at = (path: string, bytes: Uint8Array) => dropped(path, new Uint8Array(bytes));

  it('are looked at where only they say what an image is, and united where they are several', async () => {
    const found = await readDrop(
      [
        ...[at('train/0.png', mask(0)), at('train/0_GT.png', mask(0)), at('train/1.png', mask(0)), at('train/1_GT.png', mask(1))],
        ...[at('test/2.png', mask(0)), at('test/2_mask1.png', mask(1)), at('test/2_mask2.png', mask(2))],
      ],
      'train',
    ); // prettier-ignore
    expect(found.report.images.map(({ path, label }) => [path, label])).toEqual([
      ['test/2.png', 1],
      ['train/0.png', 0],
      ['train/1.png', 1],
    ]);
    const united = maskFileOf(found.report.images[0]!, found.files)!;
    const bytes = isPacked(united) ? new Uint8Array(await (await united.unpack()).arrayBuffer()) : null;
    expect([...(await decodeMask(bytes!)).mask.data]).toEqual([1, 1, 0, 0]);
    expect(refusalsOf(found.report.ignored)).toEqual([]);
  });
});

it('a list of saturations beside a class speaks of its masks, each by itself', async () => {
  const list = JSON.stringify([{ defect_name: 'x', pixel_value: 255, saturation_threshold: 4, relative_saturation: false }]); // prettier-ignore
  const paths = ['nut/train/good/0.png', 'nut/test/x/1.png', 'nut/ground_truth/x/1/0.png', 'nut/ground_truth/x/1/1.png']; // prettier-ignore
  const { report, files } = await readDrop([...paths.map((path) => dropped(path, BYTES)), dropped('nut/defects_config.json', new TextEncoder().encode(list))], 'train'); // prettier-ignore
  const regionsOf = await regionsIn(files);
  const found = report.images.map(regionsOf);
  expect(found.map((one) => one?.masks.length)).toEqual([2, undefined]);
  expect(found[0]!.saturations).toEqual([[255, { pixels: 4 }]]);
});

describe('zips', () => {
  it('with the same paths, one for each class, become classes by their names', async () => {
    const files = { 'train/good/0.png': BYTES, 'test/dent/0.png': BYTES };
    const { report } = await readDrop([archive('nut.zip', files), archive('cap.zip', files)], 'train');
    expect(report.categories).toEqual(['cap', 'nut']);
  });

  it('are unpacked file by file, when asked', async () => {
    const { files } = await readDrop([archive('set.zip', { 'set/a.png': BYTES })], 'train');
    const file = files.get('set/a.png')!;
    expect(isPacked(file) && file.size).toBe(BYTES.length);
    const opened = isPacked(file) ? await file.unpack() : file;
    expect([opened.name, opened.size]).toEqual(['a.png', BYTES.length]);
  });

  it('that are sessions are handed over, and those that are broken refused, the rest goes on', async () => {
    const found = await readDrop(
      [
        archive('run.zip', { 'session.json': BYTES }),
        dropped('broken.zip'),
        dropped('a.png'),
        archive('set.zip', { '../up.png': BYTES, '__MACOSX/._a.png': BYTES, 'b.png': BYTES }),
      ],
      'train',
    );
    expect(found.sessions.map(({ name }) => name)).toEqual(['run.zip']);
    expect(found.report.images.map(({ path }) => path)).toEqual(['a.png', 'set/b.png']);
    expect(found.refusals.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'broken.zip: The zip file cannot be read: it is not a zip file, or cut short.',
      'set.zip/../up.png: Its path leads out of the archive.',
    ]);
  });
});
