// Tables of the colour maps, made at build time: the package they come from computes them from splines, which would be a
// tenth of what the page's first view loads.
import { join } from 'node:path';
import { rgb } from 'd3-color';
import {
  interpolateCividis,
  interpolateInferno,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';
import type { Plugin } from 'vite';

const NAME = 'virtual:colour-tables';
/** By this path the notices of a build's third parties know whose work it is; tests would look for a file there. */
const IN_BUILDS = join(import.meta.dirname, '..', 'node_modules/d3-scale-chromatic/colour-tables.js');
const ENTRIES = 256;

const INTERPOLATORS: Record<string, (t: number) => string> = {
  viridis: interpolateViridis,
  inferno: interpolateInferno,
  cividis: interpolateCividis,
  // Blue for "looks normal", white at the middle, red for "looks anomalous"; safe for colour-blind readers.
  diverging: (t) => interpolateRdBu(1 - t),
};

/** The plugin of every build. The module's default export has each map's 256 x 3 bytes RGB, low to high, in base 64. */
export function colourTables(): Plugin {
  let resolved = IN_BUILDS;
  return {
    name: 'colour-tables',
    configResolved({ command }) {
      if (command === 'serve') resolved = `\0${NAME}`;
    },
    resolveId: (id) => (id === NAME ? resolved : null),
    load: (id) => (id === resolved ? `export default ${JSON.stringify(tables())};` : null),
  };
}

const tables = () =>
  Object.fromEntries(
    Object.entries(INTERPOLATORS).map(([name, interpolate]) => [name, tabulate(interpolate)]),
  );

function tabulate(interpolate: (t: number) => string): string {
  const bytes = Array.from({ length: ENTRIES }, (_, entry) => {
    const { r, g, b } = rgb(interpolate(entry / (ENTRIES - 1)));
    return [Math.round(r), Math.round(g), Math.round(b)];
  });
  return Buffer.from(bytes.flat()).toString('base64');
}
