import { describe, expect, it } from 'vitest';
import { colormap, COLORMAP_ENTRIES, type ColormapName } from './colormaps';

const NAMES: ColormapName[] = ['viridis', 'inferno', 'cividis', 'diverging'];

/** Relative luminance (WCAG 2.2) of one entry. */
function luminance(table: Uint8Array, entry: number): number {
  const linear = (channel: number): number => {
    const c = table[4 * entry + channel]! / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
}

describe('colormap', () => {
  it.each(NAMES)('%s has 256 opaque entries and is built once', (name) => {
    const table = colormap(name);
    expect(table).toHaveLength(4 * COLORMAP_ENTRIES);
    for (let entry = 0; entry < COLORMAP_ENTRIES; entry++) expect(table[4 * entry + 3]).toBe(255);
    expect(colormap(name)).toBe(table);
  });

  it('starts and ends where matplotlib’s viridis does', () => {
    const table = colormap('viridis');
    expect([...table.subarray(0, 3)]).toEqual([0x44, 0x01, 0x54]);
    expect([...table.subarray(-4, -1)]).toEqual([0xfd, 0xe7, 0x25]);
  });

  it.each(['viridis', 'inferno', 'cividis'] as const)('%s never gets darker as values rise', (name) => {
    const table = colormap(name);
    for (let entry = 1; entry < COLORMAP_ENTRIES; entry++) {
      // Two levels of slack: entries are rounded to bytes.
      expect(luminance(table, entry)).toBeGreaterThan(luminance(table, entry - 1) - 0.005);
    }
  });

  it('diverging is brightest in the middle, blue below and red above', () => {
    const table = colormap('diverging');
    expect(luminance(table, 128)).toBeGreaterThan(0.85);
    expect(table[2]!).toBeGreaterThan(table[0]!);
    expect(table[4 * 255]!).toBeGreaterThan(table[4 * 255 + 2]!);
  });
});
