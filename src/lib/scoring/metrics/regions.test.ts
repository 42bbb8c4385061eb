import { describe, expect, it } from 'vitest';
import { connectedRegions } from './regions';

/** A mask from rows of `#` and `.`. */
function drawn(...rows: string[]) {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return { width: rows[0]!.length, height: rows.length, data };
}

describe('connectedRegions', () => {
  it('joins diagonal neighbours and tells separate regions apart', () => {
    const { labels, sizes } = connectedRegions(drawn('#...#', '.#..#', '.....', '####.'));
    expect(sizes).toEqual([2, 2, 4]);
    expect([...labels.subarray(0, 10)]).toEqual([1, 0, 0, 0, 2, 0, 1, 0, 0, 2]);
  });

  it('does not join the end of a row with the start of the next', () => {
    expect(connectedRegions(drawn('..#', '...', '#..')).sizes).toEqual([1, 1]);
    expect(connectedRegions(drawn('..#', '#..')).sizes).toEqual([1, 1]);
  });

  it('finds one region in a full mask and none in an empty one', () => {
    expect(connectedRegions(drawn('###', '###')).sizes).toEqual([6]);
    expect(connectedRegions(drawn('...')).sizes).toEqual([]);
  });

  it('follows a large region without running out of stack', () => {
    const mask = { width: 512, height: 512, data: new Uint8Array(512 * 512).fill(255) };
    expect(connectedRegions(mask).sizes).toEqual([512 * 512]);
  });
});
