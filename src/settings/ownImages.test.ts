// What a link says about images it does not carry.
import { describe, expect, it } from 'vitest';
import { compareOwn, describeOwn, readOwn, writeOwn } from './ownImages';

const images = (count: number, size = 1000) =>
  Array.from({ length: count }, (_, i) => ({ name: `good/${i}.png`, size: size + i, train: i % 3 > 0 }));

describe('images that a link names', () => {
  it('come back as they were written', () => {
    const own = describeOwn(images(24))!;
    expect(own).toMatchObject({ train: 16, test: 8 });
    expect(readOwn(writeOwn(own))).toEqual(own);
  });

  it('are recognised in any order, and what differs is counted', () => {
    const own = describeOwn(images(24))!;
    expect(compareOwn(own, describeOwn(images(24).reverse())!)).toEqual({ missing: 0, extra: 0 });
    const others = [...images(21), ...images(2, 5000)];
    expect(compareOwn(own, describeOwn(others)!)).toEqual({ missing: 3, extra: 2 });
  });

  it('are only counted when there are too many', () => {
    const own = describeOwn(images(5000))!;
    expect(writeOwn(own)).toBe('3333.1667.');
    expect(compareOwn(own, describeOwn(images(24))!)).toBeNull();
  });

  it('are left out when the text is not of their form', () => {
    for (const raw of ['', '1', '0.0.', '-1.2.', '9999999999.1.', '1.1.abc', `1.0.${'ab'.repeat(101)}`])
      expect(readOwn(raw)).toBeNull();
    expect(readOwn('2.1.abcd')).toEqual({ train: 2, test: 1, marks: [] });
  });
});
