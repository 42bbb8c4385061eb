// The file in which MVTec LOCO AD says, for the values of its masks, from how many found pixels on a defect counts as found
// whole (saturated PRO): `defects_config.json` beside a class's folders.
import * as v from 'valibot';
import { finite, objectOf, parseOrNull } from '../formats/schema';

/** From how much of a region on it counts as found whole, by the value of its pixels in the mask. */
export type SaturationsByValue = ReadonlyMap<number, { share: number } | { pixels: number }>;

const NAME = /(^|\/)defects_config\.json$/i;

export const isDefectsConfig = (path: string): boolean => NAME.test(path.replaceAll('\\', '/'));

const CONFIG = v.array(
  objectOf({
    pixel_value: v.pipe(finite, v.integer(), v.minValue(1), v.maxValue(255)),
    saturation_threshold: v.pipe(finite, v.gtValue(0)),
    relative_saturation: v.boolean(),
  }),
);

/** Null for a text that is no such file, and for shares above 1. */
export function readDefectsConfig(text: string): SaturationsByValue | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const rows = parseOrNull(CONFIG, value);
  if (!rows || rows.length === 0) return null;
  if (rows.some((row) => row.relative_saturation && row.saturation_threshold > 1)) return null;
  return new Map(
    rows.map((row) => [
      row.pixel_value,
      row.relative_saturation ? { share: row.saturation_threshold } : { pixels: row.saturation_threshold },
    ]),
  );
}

/** Those that speak of an image: of the nearest folder above it. Files that cannot be read are named. */
export class DefectsConfigs {
  readonly unreadable: string[] = [];
  readonly #byFolder = new Map<string, SaturationsByValue>();

  /** @param texts by path */
  constructor(texts: ReadonlyMap<string, string>) {
    for (const [path, text] of texts) {
      if (!isDefectsConfig(path)) continue;
      const config = readDefectsConfig(text);
      if (config) this.#byFolder.set(path.replaceAll('\\', '/').replace(/[^/]*$/, ''), config);
      else this.unreadable.push(path);
    }
  }

  /** Null where none speaks of it. */
  of(path: string): SaturationsByValue | null {
    if (this.#byFolder.size === 0) return null;
    const folders = path.replaceAll('\\', '/').split('/').slice(0, -1);
    for (let depth = folders.length; depth >= 0; depth--) {
      const folder = folders.slice(0, depth).map((name) => `${name}/`).join(''); // prettier-ignore
      const config = this.#byFolder.get(folder);
      if (config) return config;
    }
    return null;
  }
}
