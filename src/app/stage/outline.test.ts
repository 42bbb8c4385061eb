// The outline around pasted cells.
import { describe, expect, it } from 'vitest';
import { cellsPath, outlinePath } from './outline';

describe('the outline of cells', () => {
  it('goes once around a single cell', () => {
    expect(outlinePath(Uint8Array.of(0, 0, 0, 1), 2, 2)).toBe('M1 1H2M1 2H2M1 1V2M2 1V2');
  });

  it('draws no line between neighbours', () => {
    expect(outlinePath(Uint8Array.of(1, 1), 2, 1)).toBe('M0 0H2M0 1H2M0 0V1M2 0V1');
  });

  it('is empty for no cells', () => {
    expect(outlinePath(new Uint8Array(16), 4, 4)).toBe('');
    expect(cellsPath(new Uint8Array(16), 4)).toBe('');
  });

  it('covers each cell for the pointer', () => {
    expect(cellsPath(Uint8Array.of(0, 1, 0, 1), 2)).toBe('M1 0h1v1h-1zM1 1h1v1h-1z');
  });
});
