// Colour lookup tables for maps: pure data, 256 RGBA entries each, low to high. The interface's legends, the
// command line's PNGs and the overlay kernel all read the same bytes, so a colour means one value everywhere.
import TABLES from 'virtual:colour-tables';

/** Three for unsigned maps, and one diverging table for signed ones. */
export type ColormapName = 'viridis' | 'inferno' | 'cividis' | 'diverging';

export const COLORMAP_ENTRIES = 256;

const tables = new Map<ColormapName, Uint8Array<ArrayBuffer>>();

/**
 * The lookup table of a colour map: 256 x 4 bytes RGBA, alpha 255, entry 0 for the lowest value.
 * One array per name, shared by all callers: read only.
 */
export function colormap(name: ColormapName): Uint8Array<ArrayBuffer> {
  const known = tables.get(name);
  if (known) return known;
  const rgb = Uint8Array.from(atob(TABLES[name]), (char) => char.charCodeAt(0));
  const table = new Uint8Array(4 * COLORMAP_ENTRIES).fill(255);
  for (let entry = 0; entry < COLORMAP_ENTRIES; entry++)
    table.set(rgb.subarray(3 * entry, 3 * entry + 3), 4 * entry);
  tables.set(name, table);
  return table;
}
