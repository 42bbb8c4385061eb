import { describe, expect, it } from 'vitest';
import {
  blockMask,
  discMask,
  lineMask,
  placeMask,
  squareMask,
  turnMask,
  walkMask,
  type BlockMask,
  type PlacedBlock,
} from './blocks';
import { Random } from '../../nn/random';

const rows = ({ side, cells }: BlockMask) =>
  Array.from({ length: side }, (_, y) => cells.slice(y * side, (y + 1) * side).join(''));
const marked = (cells: Uint8Array) => cells.reduce((sum, cell) => sum + cell, 0);
const block = (change: Partial<PlacedBlock>): PlacedBlock => ({
  ...{ shape: 'walk', size: 3, x: 8, y: 8, seed: 7, steps: 12 },
  ...change,
});

/** Whether every marked cell can be reached from the centre over marked neighbours. */
function connected({ side, cells }: BlockMask, diagonal: boolean): boolean {
  const centre = (side * side - 1) / 2;
  const reached = new Set([centre]);
  const queue = [centre];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const [dx, dy] of [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const))) {
      const [x, y] = [(at % side) + dx, Math.floor(at / side) + dy];
      const next = y * side + x;
      const allowed = diagonal || dx === 0 || dy === 0;
      if (allowed && x >= 0 && x < side && y >= 0 && y < side && cells[next] && !reached.has(next)) {
        reached.add(next);
        queue.push(next);
      }
    }
  }
  return reached.size === marked(cells);
}

describe('walkMask', () => {
  it('starts at the centre and marks at most one cell per step', () => {
    for (let seed = 0; seed < 50; seed++) {
      const mask = walkMask(4, { steps: 6, neighbours: 'eight' }, Random.stream(seed, 'walk'));
      expect(mask.cells[4 * 9 + 4]).toBe(1);
      expect(marked(mask.cells)).toBeLessThanOrEqual(7);
    }
  });

  it('is connected: over diagonals with eight neighbours, without them with four', () => {
    // The walk is too short to leave the block and come back.
    for (let seed = 0; seed < 50; seed++) {
      const eight = walkMask(6, { steps: 6, neighbours: 'eight' }, Random.stream(seed, 'walk'));
      const four = walkMask(6, { steps: 6, neighbours: 'four' }, Random.stream(seed, 'walk'));
      expect(connected(eight, true)).toBe(true);
      expect(connected(four, false)).toBe(true);
    }
  });

  it('marks one cell for B = 0', () => {
    const mask = walkMask(0, { steps: 100, neighbours: 'four' }, Random.stream(0, 'walk'));
    expect([...mask.cells]).toEqual([1]);
  });
});

describe('fixed shapes', () => {
  it('draws a disc', () => {
    expect(rows(discMask(2))).toEqual(['01110', '11111', '11111', '11111', '01110']);
  });

  it('draws a square', () => {
    expect(marked(squareMask(2).cells)).toBe(25);
  });

  it('draws lines without gaps at any angle', () => {
    expect(rows(lineMask(1, 0))).toEqual(['000', '111', '000']);
    expect(rows(lineMask(1, Math.PI / 4))).toEqual(['100', '010', '001']);
    for (let i = 0; i < 20; i++) {
      const line = lineMask(5, (i / 20) * Math.PI);
      expect(connected(line, true)).toBe(true);
      expect(marked(line.cells)).toBe(11);
    }
  });
});

describe('placing', () => {
  it('centres the block and clips it at the border', () => {
    const map = placeMask(squareMask(1), 0, 2, 4, 3);
    expect([...map]).toEqual([0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0]);
  });

  it('clips a block larger than the map', () => {
    expect(marked(placeMask(squareMask(14), 4, 4, 8, 8))).toBe(64);
  });

  it('places the centre of a walk at (x, y)', () => {
    expect(blockMask(block({ steps: 0, x: 5, y: 2 }), 16, 16).indexOf(1)).toBe(2 * 16 + 5);
  });

  it('repeats a walk for its seed and changes it for another', () => {
    const first = blockMask(block({ seed: 1 }), 16, 16);
    expect(blockMask(block({ seed: 1 }), 16, 16)).toEqual(first);
    expect(blockMask(block({ seed: 2 }), 16, 16)).not.toEqual(first);
  });

  it('takes the brush cell by cell and skips cells outside', () => {
    const map = blockMask(block({ shape: 'brush', cells: [0, 17, 4000, -1] }), 16, 16);
    expect([marked(map), map[0], map[17]]).toEqual([2, 1, 1]);
  });
});

describe('a turned block', () => {
  const corner: BlockMask = { side: 3, cells: Uint8Array.from([1, 1, 0, 1, 0, 0, 0, 0, 0]) };

  it('by quarters keeps its cells, clockwise', () => {
    expect(rows(turnMask(corner, 90))).toEqual(['011', '001', '000']);
    expect(rows(turnMask(corner, 180))).toEqual(['000', '001', '011']);
    expect(rows(turnMask(corner, -90))).toEqual(rows(turnMask(corner, 270)));
    expect(turnMask(corner, 0)).toBe(corner);
    expect(turnMask(corner, 360)).toBe(corner);
  });

  it('by an eighth is the square on its corner: the cells whose middles lie in it', () => {
    const { side, cells } = turnMask(squareMask(3), 45);
    const reach = (side - 1) / 2;
    // Of a side of 7 cells the middle is 3.5 from each edge, which cuts both diagonals at 3.5 times the root of 2.
    const inside = (dx: number, dy: number) => Math.abs(dx) + Math.abs(dy) <= 3.5 * Math.SQRT2;
    cells.forEach((cell, i) => {
      expect(cell).toBe(Number(inside((i % side) - reach, Math.floor(i / side) - reach)));
    });
  });

  it('leaves a disc and a brush as they are, and turns a line without gaps', () => {
    for (const shape of ['disc', 'brush'] as const) {
      const there = block({ shape, cells: [3, 4] });
      expect(blockMask({ ...there, angle: 30 }, 16, 16)).toEqual(blockMask(there, 16, 16));
    }
    for (const angle of [15, 60, 120]) {
      const line = blockMask(block({ shape: 'line', size: 5, angle }), 16, 16);
      expect(marked(line)).toBe(11);
    }
  });
});
