// Which test images count as training images: the same pixels, the same picture saved again, and no other part of the same kind.
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/nn/random';
import type { RgbImage } from '../../lib/images/image';
import { findTwins, likenessOf, type Known } from './likeness';

const SIZE = 64;

/** A scene that all share, with noise of its own. @param noise standard deviation in grey values */
function shot(seed: number, noise: number): RgbImage {
  const random = Random.stream(seed, 'shot');
  const data = Uint8Array.from({ length: 3 * SIZE * SIZE }, (_, i) => {
    const scene = 90 + 60 * Math.sin(i / 40);
    return Math.round(scene + noise * random.normal());
  });
  return { width: SIZE, height: SIZE, data };
}

const changed = (image: RgbImage, by: (value: number, index: number) => number): RgbImage => ({
  ...image,
  data: image.data.map(by),
});

const known = (images: readonly RgbImage[], side: string): Known[] =>
  images.map((image, i) => ({ name: `${side} ${i}`, likeness: likenessOf(image) }));

describe('findTwins', () => {
  const training = Array.from({ length: 8 }, (_, i) => shot(i, 8));
  const find = (test: readonly RgbImage[]) => findTwins(known(test, 'test'), known(training, 'train'));

  it('finds the same pixels', () => {
    expect(find([training[3]!, shot(20, 8)])).toEqual({ same: ['test 0'], alike: [] });
  });

  it('finds a picture that was saved with small losses', () => {
    const saved = changed(training[5]!, (value, i) => value + ((i * 7) % 3) - 1);
    expect(find([shot(21, 8), saved])).toEqual({ same: [], alike: ['test 1'] });
  });

  it('does not take other shots of the same scene for copies', () => {
    expect(find(Array.from({ length: 20 }, (_, i) => shot(50 + i, 8)))).toEqual({ same: [], alike: [] });
  });

  it('does not take a training picture with a defect drawn on it for a copy', () => {
    const scratched = changed(training[2]!, (value, i) => (i > 4000 && i < 6000 ? 255 : value));
    expect(find([scratched])).toEqual({ same: [], alike: [] });
  });

  it('says nothing where no training image is known', () => {
    expect(findTwins(known(training, 'test'), [])).toEqual({ same: [], alike: [] });
  });
});
