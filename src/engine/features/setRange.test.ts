// Which range of values a set of images of more than eight bits is seen through, and when it moves.
import { describe, expect, it } from 'vitest';
import { SetRange, type RangedImage } from './setRange';

const trains = (low: number, high: number): RangedImage => ({ extremes: [low, high], trains: true });
const tested = (low: number, high: number): RangedImage => ({ extremes: [low, high], trains: false });
const eightBits: RangedImage = { extremes: null, trains: true };

describe('the range of a set', () => {
  it('spans the training images, whatever is tested', () => {
    const range = new SetRange();
    range.follow([trains(100, 900), tested(0, 60000)]);
    const [low, high] = range.current!;
    expect(low).toBeLessThanOrEqual(100);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(900);
    expect(high).toBeLessThan(1100);
  });

  it('does not depend on the order in which images came', () => {
    const images = [trains(100, 900), trains(90, 950), trains(300, 310), eightBits];
    const [one, other] = [new SetRange(), new SetRange()];
    images.forEach((_, i) => one.follow(images.slice(0, i + 1)));
    other.follow([...images].reverse());
    expect(one.current).toEqual(other.current);
  });

  it('is none for images of eight bits, and that of the tested ones where none train', () => {
    const range = new SetRange();
    range.follow([eightBits]);
    expect(range.current).toBeNull();
    range.follow([tested(0, 4000)]);
    expect(range.current![1]).toBeGreaterThanOrEqual(4000);
  });

  it('stays from the start of a training on, until the next one begins', () => {
    const range = new SetRange();
    range.settle([trains(0, 1000)]);
    const before = range.current;
    range.follow([trains(0, 1000), trains(0, 9000)]);
    expect(range.current).toEqual(before);
    range.settle([trains(0, 1000), trains(0, 9000)]);
    expect(range.current![1]).toBeGreaterThanOrEqual(9000);
  });

  it('is that of a model that was loaded, for new images', () => {
    const range = new SetRange();
    range.adopt([0, 4096]);
    range.follow([tested(0, 100)]);
    expect(range.current).toEqual([0, 4096]);
  });

  it('set by hand counts before all, and is given back with auto', () => {
    const range = new SetRange();
    range.follow([trains(0, 1000)]);
    const automatic = range.current;
    range.set('200:700');
    expect(range.current).toEqual([200, 700]);
    range.set('auto');
    expect(range.current).toEqual(automatic);
    for (const text of ['', '5', '9:2', '1:1', 'a:b', '0:Infinity'])
      expect(() => range.set(text), text).toThrow(/no range of pixel values/);
  });
});
