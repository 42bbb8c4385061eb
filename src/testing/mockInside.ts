// What the fake engine shows of itself: the colours of its cells, and no model.
import type { Inside, InsideCell } from '../engine/api/types';
import { SIDE, type Cells } from './mockFeatures';

export const MOCK_CELL: InsideCell = {
  cell: 0,
  vectors: {
    phi: Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
    ...{ normal: null, abnormal: null, seen: null, expected: null },
  },
  ...{ value: null, nearest: null, axes: null },
};

export function mockInside(cells: Cells): Inside {
  const rgb = Uint8Array.from(
    { length: 3 * SIDE * SIDE },
    (_, i) => 255 * cells[4 * Math.floor(i / 3) + (i % 3)]!,
  );
  return {
    ...{ width: SIDE, height: SIDE, channels: 32, part: 0, parts: 1, ms: 1 },
    features: { width: SIDE, height: SIDE, rgb },
    ...{ grids: null, comparison: null, map: null, cell: null },
  };
}
