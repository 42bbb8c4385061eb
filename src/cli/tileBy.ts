// `--tilings FILE`: the tiles by which products are made, from a file that was measured on a card.
import { parseTilings } from '../engine/adapter/tilings';
import { useTilings } from '../lib/kernels/linear/tiling';
import { readBytes } from './data/files';

/** @throws TilingsUnreadable, or that the file is not there */
export async function tileBy(file: string): Promise<void> {
  useTilings(parseTilings(new TextDecoder().decode(await readBytes(file)), file));
}
