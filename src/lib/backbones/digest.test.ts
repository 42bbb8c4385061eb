import { expect, it } from 'vitest';
import { readSafetensors } from '../formats/safetensors';
import { PUBLISHED_ID, publishedFile } from '../../testing/publishedFile';
import { digestOf } from './digest';
import { planForTaps } from './taps';

const plan = planForTaps(PUBLISHED_ID);
const read = (seed: number) => readSafetensors(publishedFile(seed)).tensors;

it('tells two files of one architecture apart, down to a bit, and nothing else', () => {
  const weights = read(1);
  const digest = digestOf(plan, weights);
  expect(digest).toMatch(/^[0-9a-f]{16}$/);
  expect(digestOf(plan, read(1))).toBe(digest);
  expect(digestOf(plan, read(2))).not.toBe(digest);
  const stem = weights.get('conv_stem.weight')!;
  for (const bit of [0, 7, 4001]) {
    const bytes = stem.bytes.slice();
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect(digestOf(plan, new Map(weights).set('conv_stem.weight', { ...stem, bytes }))).not.toBe(digest);
  }
  // What lies beyond the taps does not count.
  expect(digestOf(plan, new Map(weights).set('classifier.weight', stem))).toBe(digest);
});
