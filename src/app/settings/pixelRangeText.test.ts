import { describe, expect, it } from 'vitest';
import { endsOf, withEnd } from './pixelRangeText';

describe('the range of pixel values in two boxes', () => {
  it('is read from the setting and the engine’s report', () => {
    expect([endsOf('0:4095'), endsOf('auto'), endsOf(null)]).toEqual([[0, 4095], null, null]);
  });

  it('takes one end, and nothing that would be no range', () => {
    expect([withEnd([0, 4095], 1, '1023'), withEnd([0, 4095], 0, '-5')]).toEqual(['0:1023', '-5:4095']);
    for (const typed of ['', 'x', '0', '-1']) expect(withEnd([0, 4095], 1, typed)).toBe('0:4095');
    expect(withEnd([0, 4095], 0, '4095')).toBe('0:4095');
  });
});
