// Which tiling a product takes: a choice that was measured on this adapter, else the default; none on adapters that compute on the
// CPU, where the shaders without workgroup memory are faster.
import { onHardware } from '../../gpu/adapterClass';
import { defaultTiling, type ProductShape, type Tiling } from './tiles';

/** The kind of product beside its sizes: each reads memory in its own way. */
export interface TunedShape extends ProductShape {
  leftTurned: boolean;
  rightTurned: boolean;
}

/** Choices by shape class (see `shapeClass`); null: the shaders without workgroup memory. */
export type TilingTable = Readonly<Record<string, Tiling | null>>;

let table: TilingTable = {};

/** Takes these choices from now on. Another choice for a shape means other bits. */
export function useTilings(choices: TilingTable): void {
  table = choices;
}

export const usedTilings = (): TilingTable => table;

/** A product's name in a table: sizes and how its matrices lie. */
export function shapeClass({ rows, columns, taps, inner, leftTurned, rightTurned }: TunedShape): string {
  const kind = leftTurned ? 'filter' : rightTurned ? 'input' : 'forward';
  return `${kind} ${rows}x${columns}x${taps}x${inner}`;
}

let forced: boolean | null = null;

/** True or false: tiles everywhere or nowhere, to count, test or measure on any adapter. Null: where they pay. */
export function forceTiles(tiles: boolean | null): void {
  forced = tiles;
}

/** Whether products on the backend, by default the current one, are made by tiles. */
export const tilesPay = (backend?: unknown): boolean => forced ?? onHardware(backend);

/** Null where tiles would mostly be empty. */
export function tilingOf(shape: TunedShape): Tiling | null {
  const chosen = table[shapeClass(shape)];
  return chosen === undefined ? defaultTiling(shape) : chosen;
}
