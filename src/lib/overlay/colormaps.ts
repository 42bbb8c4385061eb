// Colour lookup tables for maps: pure data, 256 RGBA entries each, low to high. The interface's legends, the
// command line's PNGs and the overlay kernel all read the same bytes, so a colour means one value everywhere.
import { rgb } from 'd3-color';
import {
  interpolateCividis,
  interpolateInferno,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';

/** Three for unsigned maps, and one diverging table for signed ones. */
export type ColormapName = 'viridis' | 'inferno' | 'cividis' | 'diverging';

export const COLORMAP_ENTRIES = 256;

const INTERPOLATORS: Record<ColormapName, (t: number) => string> = {
  viridis: interpolateViridis,
  inferno: interpolateInferno,
  cividis: interpolateCividis,
  // Blue for "looks normal", white at the middle, red for "looks anomalous"; safe for colour-blind readers.
  diverging: (t) => interpolateRdBu(1 - t),
};

const tables = new Map<ColormapName, Uint8Array<ArrayBuffer>>();

/**
 * The lookup table of a colour map: 256 x 4 bytes RGBA, alpha 255, entry 0 for the lowest value.
 * One array per name, shared by all callers: read only.
 */
export function colormap(name: ColormapName): Uint8Array<ArrayBuffer> {
  const known = tables.get(name);
  if (known) return known;
  const table = tabulate(INTERPOLATORS[name]);
  tables.set(name, table);
  return table;
}

function tabulate(interpolate: (t: number) => string): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(4 * COLORMAP_ENTRIES);
  for (let entry = 0; entry < COLORMAP_ENTRIES; entry++) {
    const { r, g, b } = rgb(interpolate(entry / (COLORMAP_ENTRIES - 1)));
    table.set([Math.round(r), Math.round(g), Math.round(b), 255], 4 * entry);
  }
  return table;
}
