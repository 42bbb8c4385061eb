// Tables that say by which tiles products are made (lib/kernels/linear/tiling.ts), as files hold them: what bench/device.sh measured on
// a card, and what a checkpoint goes on with. Another table means other bits.
import * as v from 'valibot';
import { RemedyError } from '../../lib/errors';
import { count, objectOf, oneOf, parseJson, recordOf } from '../../lib/formats/schema';
import { TILE_NAMES } from '../../lib/kernels/linear/tiles';
import type { TilingTable } from '../../lib/kernels/linear/tiling';

const MOST_SLICES = 64;

const TILING = objectOf({
  tile: oneOf(TILE_NAMES),
  slices: v.pipe(count(1), v.maxValue(MOST_SLICES, `is more than ${MOST_SLICES}`)),
});

/** By shape class; null: the shaders without tiles. */
export const TILINGS = recordOf(v.nullable(TILING));

/** @throws TilingsUnreadable */
export function parseTilings(json: string, name: string): TilingTable {
  const toError = (detail: string) => new TilingsUnreadable(name, detail);
  return parseJson(objectOf({ tilings: TILINGS }), json, toError, { what: 'the file' }).tilings;
}

export class TilingsUnreadable extends RemedyError {
  override readonly name = 'TilingsUnreadable';
  constructor(file: string, detail: string) {
    super(`${file} holds no table of tiles: ${detail}.`, 'Name the tuned.json that bench/device.sh wrote.');
  }
}
