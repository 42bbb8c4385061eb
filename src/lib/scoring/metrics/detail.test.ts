import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { curvesOf, resampleAll } from './detail';
import { summarise } from './summary';

const evaluated = {
  scores: [1, 2, 2.5, 3, 5, 4, 6, 7, 9],
  labels: [0, 0, 1, 1, 0, 0, 1, 1, null] as (0 | 1 | null)[],
  types: [
    'nut/good',
    'nut/good',
    'nut/bent',
    'nut/bent',
    'cap/good',
    'cap/good',
    'cap/torn',
    'cap/torn',
    'cap/x',
  ],
};
const randomFor = (name: string) => Random.stream(0, `bootstrap ${name}`);

describe('details of an evaluation', () => {
  it('resamples all images and each class', () => {
    const { all, perClass } = resampleAll(evaluated, summarise(evaluated), { count: 20, randomFor });
    expect(Object.keys(perClass)).toEqual(['nut', 'cap']);
    expect(all.image_auroc).toHaveLength(20);
    expect(perClass['nut']!.image_auroc).toEqual(new Float32Array(20).fill(1));
    expect(perClass['nut']!.pixel_ap).toBeNull();
  });

  it('draws curves of what there is', () => {
    const { image, pixel } = curvesOf(evaluated);
    expect(image!.roc.x).toContain(0.5);
    expect(image!.pr.y.at(-1)).toBeLessThan(1);
    expect(pixel).toBeNull();
    expect(curvesOf({ ...evaluated, labels: evaluated.labels.map(() => null) }).image).toBeNull();
  });
});
