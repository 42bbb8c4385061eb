// How files on a disk are read: masks are looked at where only they know, flags say otherwise, and what was read is said.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_LAYOUT } from '../../lib/datasets/folder';
import { encodePng } from '../../lib/formats/png';
import { decodeMask } from '../../lib/images/decode';
import { BadFlag } from '../errors';
import { holdOut } from '../threshold';
import { readDataset, readImageFile, type Dataset } from './dataset';
import { writeBytes } from './files';
import { layoutFlagsOf, layoutOf, type LayoutFlags } from './layoutFlags';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'grad-reading-'))));
afterEach(() => rm(folder, { recursive: true }));

/** 4 x 4, the first `defect` pixels white. */
const mask = (defect: number, from = 0) =>
  encodePng({ width: 4, height: 4, data: Uint8Array.from({ length: 16 }, (_, i) => (i >= from && i < from + defect ? 255 : 0)) }); // prettier-ignore
const lay = (files: Record<string, Uint8Array | string>) =>
  Promise.all(Object.entries(files).map(([path, bytes]) => writeBytes(join(folder, path), bytes)));
const read = async (flags: LayoutFlags = {}) => readDataset(folder, undefined, await layoutOf(flags));
const named = (images: Dataset['train']) => images.map(({ path }) => path);

describe('readDataset', () => {
  it('trains on no image whose mask says defect, and takes those of black masks as normal', async () => {
    await lay({
      'train/0.png': mask(0),
      'train/0_GT.png': mask(0),
      'train/1.png': mask(0),
      'train/1_GT.png': mask(3),
    });
    await lay({
      'test/2.png': mask(0),
      'test/2_GT.png': mask(0),
      'test/3.png': mask(0),
      'test/3_GT.png': mask(2),
    });
    const dataset = await read();
    expect([named(dataset.train), named(dataset.anomalous)]).toEqual([['train/0.png'], ['train/1.png']]);
    expect(dataset.test.map(({ label, mask: own }) => [label, own !== null])).toEqual([[0, false], [1, true]]); // prettier-ignore
    expect(dataset.reading).toMatchObject({ layout: 'ksdd2', rules: null, split_file: null, questions: [] });
    expect(dataset.notices).toContain('  test: 1 test, anomalous: defect, 1 with a mask');
  });

  it('unites several masks, and makes one of outlines; what cannot be made costs the mask alone', async () => {
    const outline = { shapes: [{ shape_type: 'polygon', points: [[1, 1], [3, 1], [3, 3], [1, 3]] }], imageWidth: 4, imageHeight: 4 }; // prettier-ignore
    await lay({
      'train/good/0.png': mask(0),
      'test/a/0.png': mask(0),
      'ground_truth/a/0/0.png': mask(2),
      'ground_truth/a/0/1.png': mask(3, 8),
      'test/b/1.png': mask(0),
      'test/b/1.json': JSON.stringify(outline),
      'test/c/2.png': mask(0),
      'test/c/2.json': '{"shapes": 3}',
    });
    const { test } = await read();
    const notes: string[] = [];
    const files = await Promise.all(test.map((image) => readImageFile(image, (note) => notes.push(note))));
    const marked = await Promise.all(
      files.map(async ({ mask: own }) => own && (await decodeMask(new Uint8Array(own as ArrayBuffer))).mask.data.reduce((a, b) => a + b, 0)), // prettier-ignore
    );
    expect(marked).toEqual([5, 4, undefined]);
    expect(notes.join()).toMatch(
      /^test\/c\/2\.png: its mask is left out\. The outlines cannot be read: shapes is not a list/,
    );
  });

  it('hands the defects of MVTec LOCO AD over apart, with the saturations that its list gives', async () => {
    await lay({
      'train/good/0.png': mask(0),
      'test/missing/0.png': mask(0),
      'ground_truth/missing/0/0.png': mask(2),
      'ground_truth/missing/0/1.png': mask(3, 8),
      'defects_config.json': JSON.stringify([{ defect_name: 'x', pixel_value: 255, saturation_threshold: 0.5, relative_saturation: true }]), // prettier-ignore
    });
    const { test, notices } = await read();
    const { regions } = await readImageFile(test[0]!);
    expect([regions!.masks.length, regions!.saturations]).toEqual([2, [[255, { share: 0.5 }]]]);
    expect(notices.join()).not.toContain('defects_config');
  });

  it('holds the validation folder out, and nothing else', async () => {
    await lay({
      'train/0.png': mask(0),
      'train/1.png': mask(0),
      'val/0.png': mask(0),
      'test/good/0.png': mask(0),
    });
    const dataset = await read();
    expect(named(dataset.validation)).toEqual(['val/0.png']);
    const { train, heldOut } = holdOut(dataset, 0.5, 0);
    expect([named(train), named(heldOut)]).toEqual([['train/0.png', 'train/1.png'], ['val/0.png']]);
  });

  it('reads by rules from flags and files, which go before names, and keeps them', async () => {
    await lay({
      'day1/0.png': mask(0),
      'day2/0.png': mask(0),
      'day2/1.png': mask(0),
      'day2/1.m.png': mask(2),
    });
    await lay({ 'train/good/0.png': mask(0) });
    const flags = { normal: ['day1', 'day2/0.png'], anomalous: ['day2/1.png'], mask: ['day2/{name}.m.png'], split: ['test=day2', 'train=day1'] }; // prettier-ignore
    const dataset = await read(flags);
    expect([named(dataset.train), named(dataset.test)]).toEqual([['day1/0.png', 'train/good/0.png'], ['day2/0.png', 'day2/1.png']]); // prettier-ignore
    expect(dataset.test.map(({ label, mask: own }) => [label, own !== null])).toEqual([[0, false], [1, true]]); // prettier-ignore
    expect(dataset.reading.rules?.rules).toHaveLength(6);
    await lay({ 'rules.json': JSON.stringify({ rules: [{ path: '<train>', as: 'ignore' }, { path: 'gone/*' }], words: { normal: ['day1'] } }) }); // prettier-ignore
    const other = await read({ layout: join(folder, 'rules.json'), split: ['train=day1'] });
    expect(named(other.train)).toEqual(['day1/0.png']);
    expect(other.notices).toContain('No file fits gone/*.');
  });

  it('asks, and says how to answer', async () => {
    await lay({ 'good/0.png': mask(0), 'odd/0.png': mask(0) });
    const { notices, reading } = await read();
    expect(reading.questions).toHaveLength(1);
    expect(notices.join('\n')).toMatch(
      /1 image in odd is taken as anomalous.*Is it a type of defect\? \(--normal, --anomalous/,
    );
  });
});

describe('layout flags', () => {
  it('are none where none is given', async () => {
    expect([layoutFlagsOf({}), await layoutOf()]).toEqual([{}, NO_LAYOUT]);
    expect(layoutFlagsOf({ mask: ['m'] })).toEqual({ layout: { mask: ['m'] } });
    expect((await layoutOf({ split: ['split_csv/2cls_fewshot.csv'] })).splitFile).toBe(
      'split_csv/2cls_fewshot.csv',
    );
  });

  it.each([
    [{ split: ['day2/**'] }, /names no side/],
    [{ split: ['later=day2'] }, /names no side/],
    [{ normal: ['{colour}/*'] }, /rules\[0\]\.path names \{colour\}; there are \{class\}/],
    [{ mask: ['<mash>/*'] }, /names <mash>; there are/],
    [{ mask: ['{name'] }, /a brace that is not closed/],
    [{ mask: ['*a*b*c*d'] }, /more than 3 of/],
  ] as [LayoutFlags, RegExp][])('%j is refused', async (flags, message) => {
    await expect(layoutOf(flags)).rejects.toThrow(message);
  });

  it('name a file that must be a layout', async () => {
    await lay({ 'a.json': '[]', 'b.json': '{"rules": [{"path": 3}]}' });
    await expect(layoutOf({ layout: join(folder, 'a.json') })).rejects.toThrow(/The layout cannot be used: the file is not an object/); // prettier-ignore
    await expect(layoutOf({ layout: join(folder, 'b.json') })).rejects.toThrow(
      /rules\[0\]\.path is not text/,
    );
    await expect(layoutOf({ split: ['x'] })).rejects.toBeInstanceOf(BadFlag);
  });
});
