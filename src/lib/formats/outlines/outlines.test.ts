// Outlines of other tools as masks: against loops over pixels, run lengths packed by pycocotools, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, Corpus, fuzzSettings, fuzzTimeout, outcomeOf, textOf } from '../../../testing/fuzz';
import { RemedyError } from '../../errors';
import { readCoco } from './coco';
import { readLabelme } from './labelme';
import { blankMask, fillPolygon, fillRuns, OutlinesUnreadable } from './polygon';

const rowsOf = ({ width, data }: { width: number; data: Uint8Array }) =>
  Array.from({ length: data.length / width }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].join(''),
  );

describe('fillPolygon', () => {
  it('marks the pixels whose centres lie inside, by the even-odd rule', () => {
    const coordinate = fc.integer({ min: -20, max: 100 }).map((n) => n / 8);
    const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 9 });
    const property = fc.property(points, (corners) => {
      const mask = blankMask(9, 7);
      fillPolygon(mask, corners.flat());
      for (let y = 0; y < 7; y++)
        for (let x = 0; x < 9; x++) {
          const crossings = corners.map(([x0, y0], i) => {
            const [x1, y1] = corners[(i + 1) % corners.length]!;
            const [py, px] = [y + 0.5, x + 0.5];
            const spans = Math.min(y0, y1) <= py && py < Math.max(y0, y1);
            return spans ? x0 + ((py - y0) / (y1 - y0)) * (x1 - x0) - px : null;
          });
          // A crossing on the very centre may go either way.
          if (crossings.some((at) => at !== null && Math.abs(at) < 1e-9)) continue;
          const inside = crossings.filter((at) => at !== null && at > 0).length % 2;
          expect(mask.data[y * 9 + x]).toBe(inside);
        }
    });
    fc.assert(property, fuzzSettings(200));
  }, fuzzTimeout(200)); // prettier-ignore

  it('leaves points and lines without area alone', () => {
    const mask = blankMask(4, 4);
    fillPolygon(mask, [1, 1, 3, 3]);
    fillPolygon(mask, []);
    expect(mask.data.some(Boolean)).toBe(false);
  });
});

describe('fillRuns', () => {
  it('goes down the columns, zeros first', () => {
    const mask = blankMask(4, 3);
    fillRuns(mask, [1, 2, 4, 1, 4]);
    expect(rowsOf(mask)).toEqual(['0000', '1010', '1000']);
  });

  it('unpacks text as pycocotools packs it', () => {
    // encode(np.asfortranarray([[0, 0, 1], [1, 1, 1]], uint8)) -> counts b'11101'; rows of 100 ones after 1,000 zeros: b'X0oT3'
    const mask = blankMask(3, 2);
    fillRuns(mask, packed([1, 1, 1, 3]));
    expect(rowsOf(mask)).toEqual(['001', '111']);
    const long = blankMask(50, 40);
    fillRuns(long, packed([1000, 100, 700, 150, 50]));
    expect(long.data.reduce((a, b) => a + b, 0)).toBe(250);
  });

  it.each([[[1, 2]], [[20]], [[-1, 7]], [[0.5, 5.5]], ['~~~~'], ['PPPPPPPPPPPPPPP'], ['']])(
    'refuses %j for six pixels',
    (counts) => expect(() => fillRuns(blankMask(3, 2), counts as number[])).toThrow(OutlinesUnreadable),
  );
});

/** COCO's maskApi.c, rleToString: from the third run on, the difference to the last but one; five bits a sign. */
function packed(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, i) => {
    let x = i > 2 ? run - runs[i - 2]! : run;
    let more = true;
    while (more) {
      let bits = x & 31;
      x >>= 5;
      more = bits & 16 ? x !== -1 : x !== 0;
      if (more) bits |= 32;
      text += String.fromCharCode(bits + 48);
    }
  });
  return text;
}

const labelme = (shapes: unknown[], size = { imageWidth: 6, imageHeight: 4 }) => JSON.stringify({ version: '5', shapes, ...size }); // prettier-ignore
const SQUARE = { label: 'dent', shape_type: 'polygon', points: [[1, 1], [3, 1], [3, 3], [1, 3]] }; // prettier-ignore

describe('readLabelme', () => {
  it('unites polygons, rectangles and circles', () => {
    const { mask } = readLabelme(labelme([SQUARE, { shape_type: 'rectangle', points: [[6, 4], [5, 0]] }])); // prettier-ignore
    expect(rowsOf(mask)).toEqual(['000001', '011001', '011001', '000001']);
    const { mask: circle } = readLabelme(labelme([{ shape_type: 'circle', points: [[3, 2], [3, 3]] }])); // prettier-ignore
    expect(rowsOf(circle)).toEqual(['000000', '001100', '001100', '000000']);
    expect(readLabelme(labelme([{ shape_type: 'point', points: [[3, 2]] }])).mask.data.some(Boolean)).toBe(false); // prettier-ignore
  });

  it.each(['', '[]', '{}', '{"shapes": 1}', labelme([{ ...SQUARE, shape_type: 'spiral' }]), labelme([SQUARE], { imageWidth: 1e6, imageHeight: 2 }), labelme([{ points: [[1]] }]), labelme([{ points: [['x', 1]] }])])(
    'refuses %j',
    (text) => expect(() => readLabelme(text)).toThrow(OutlinesUnreadable),
  ); // prettier-ignore
});

const coco = (segmentation: unknown, more = {}) =>
  JSON.stringify({ images: [{ id: 7, file_name: 'a.jpg', width: 3, height: 2, ...more }], annotations: [{ image_id: 7, segmentation }] }); // prettier-ignore

describe('readCoco', () => {
  it('gives polygons and run lengths of an image', () => {
    for (const drawing of [[[1, 0, 3, 0, 3, 2, 1, 2]], { size: [2, 3], counts: [2, 4] }, { size: [2, 3], counts: packed([2, 4]) }]) {
      const set = readCoco(coco(drawing))!;
      expect(set.images).toEqual([{ file: 'a.jpg', annotated: true, drawn: true }]);
      expect(rowsOf(set.maskOf('a.jpg'))).toEqual(['011', '011']);
    } // prettier-ignore
    expect(readCoco(coco([]))!.images).toEqual([{ file: 'a.jpg', annotated: true, drawn: false }]);
  });

  it('is told from other JSON, and refuses what contradicts itself', () => {
    expect([readCoco('{"images": [], "annotations": 3}'), readCoco('x'), readCoco('{"train": []}')]).toEqual([null, null, null]);
    expect(() => readCoco(coco({ size: [3, 2], counts: [2, 4] }))!.maskOf('a.jpg')).toThrow(/another size/);
    expect(() => readCoco(coco({ counts: 3 }))!.maskOf('a.jpg')).toThrow(/neither polygons nor/);
    expect(() => readCoco(coco([]))!.maskOf('b.jpg')).toThrow(/does not name/);
  }); // prettier-ignore
});

describe('any text', () => {
  const leaf = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.double(), fc.constantFrom('polygon', 'circle', 'a.jpg', '12', null, true));
  const points = fc.array(fc.array(leaf, { maxLength: 3 }), { maxLength: 5 });
  const shape = fc.record({ shape_type: fc.oneof(leaf, fc.constantFrom('polygon', 'rectangle', 'circle', 'mask')), points: fc.oneof(points, leaf), mask: fc.oneof(leaf, fc.string(), fc.base64String({ maxLength: 40 })) }, { requiredKeys: [] });
  const size = fc.oneof(fc.integer({ min: -1, max: 40 }), leaf);
  const drawing = fc.oneof(points, leaf, fc.record({ size: fc.array(size, { maxLength: 3 }), counts: fc.oneof(fc.string(), fc.array(leaf)) }, { requiredKeys: [] }));
  const anyCoco = fc.record({
    images: fc.array(fc.record({ id: leaf, file_name: leaf, width: size, height: size }, { requiredKeys: [] }), { maxLength: 3 }),
    annotations: fc.array(fc.record({ image_id: leaf, segmentation: drawing }, { requiredKeys: [] }), { maxLength: 4 }),
  }, { requiredKeys: [] });
  const anyLabelme = fc.record({ shapes: fc.oneof(fc.array(shape, { maxLength: 4 }), leaf), imageWidth: size, imageHeight: size }, { requiredKeys: [] });
  const text = fc.oneof(fc.string(), anyCoco.map((value) => JSON.stringify(value)), anyLabelme.map((value) => JSON.stringify(value)), fc.json()); // prettier-ignore

  it('is a mask, no outlines at all, or refused with a remedy', { timeout: fuzzTimeout(300) }, async () => {
    const corpus = new Corpus('outlines');
    const read = (json: string): string => {
      const outcomes = new Set<string>();
      const attempt = (make: () => { width: number; height: number; data: Uint8Array }) => {
        try {
          const { width, height, data } = make();
          expect(data.length).toBe(width * height);
          outcomes.add('ok');
        } catch (error) {
          if (!(error instanceof RemedyError)) throw error;
          outcomes.add(outcomeOf(error));
        }
      };
      attempt(() => readLabelme(json).mask);
      const set = readCoco(json);
      for (const { file } of set?.images ?? []) attempt(() => set!.maskOf(file));
      return [...outcomes].sort().join();
    };
    await corpus.replay((bytes) => read(textOf(bytes)));
    const property = fc.asyncProperty(text, (json) => corpus.try(bytesOf(json), () => read(json)));
    await fc.assert(property, fuzzSettings(300));
  });
}); // prettier-ignore
