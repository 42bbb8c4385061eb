// What a model says of one image, part by part: an image that is cut into tiles is looked at a few tiles at a time, so that
// features of no more than these are needed at once; what is left of each is its small map.
import { cellsAlong, type MapLayout } from '../../lib/framing';
import { tf } from '../../lib/gpu/tf';
import { blockMask } from '../../lib/methods/grad/blocks';
import {
  joined,
  judge,
  look,
  type Answer,
  type AnsweringModel,
  type JudgeOptions,
  type Looked,
  type LookOptions,
  type PastedBlock,
} from '../../lib/scoring/answer';
import { tidyWith } from './scoredMap';

/** An image as the network looks at it. */
export interface Parts {
  count: number;
  layout: MapLayout;
  /** phi [1, H, W, C] of a part; disposed here. */
  phi(part: number): Promise<tf.Tensor4D>;
}

export interface LookingAt {
  /** Called after each wait: throws when the model does not answer any more. Default: it always does. */
  check?(): void;
  /** Parts a pass. */
  batch: number;
  /** Pasted into the image, wherever its parts show it; in cells over the whole image. */
  block?: PastedBlock | null;
  /** The image without a block, as it was looked at before: only what the block touches is looked at again. */
  without?: Looked;
}

export type AnswerOptions = Omit<LookOptions, 'blocks' | 'paste'> & Omit<JudgeOptions, 'size'>;

/** The answer for one image; its tensors are the caller's. @throws what `check` and the features throw; TooManyTiles */
export async function answerParts(
  model: AnsweringModel,
  parts: Parts,
  options: AnswerOptions,
  how: LookingAt,
): Promise<Answer> {
  const looked = await lookAtParts(parts, async (phi, paste) => look(model, phi, { ...options, paste }), how);
  return tidyWith(looked as Looked & tf.NamedTensorMap, () => {
    how.check?.();
    return judge(looked, { ...options, size: parts.layout }) as Answer & tf.NamedTensorMap;
  });
}

/** What one pass is asked: some parts, and the cells to paste on. */
export type Ask = (phi: tf.Tensor4D, paste: LookOptions['paste']) => Promise<Looked>;

/** What a model says of all parts, in their order. The caller disposes it. */
export async function lookAtParts(
  parts: Parts,
  ask: Ask,
  { check, batch, block = null, without }: LookingAt,
): Promise<Looked> {
  const cells = block && (await cellsOf(parts, block));
  const all = Array.from({ length: parts.count }, (_, part) => part);
  const wanted = without ? all.filter((part) => cells?.touches(part)) : all;
  const found: Looked[] = [];
  try {
    for (let at = 0; at < wanted.length; at += batch)
      found.push(await pass(parts, wanted.slice(at, at + batch), { ask, check, cells }));
    return tf.tidy(() => {
      const looked = joined(without ? [without, ...found] : found);
      return (without ? replaced(looked, parts.count, wanted) : looked) as Looked & tf.NamedTensorMap;
    });
  } finally {
    tf.dispose(found as (Looked & tf.NamedTensorMap)[]);
  }
}

async function cellsOf({ layout, phi: phiOf }: Parts, block: PastedBlock): Promise<BlockCells> {
  const phi = await phiOf(0);
  const [, rows, columns] = phi.shape;
  phi.dispose();
  return new BlockCells(block, layout, rows, columns);
}

/** Some parts at once. */
async function pass(
  parts: Parts,
  now: readonly number[],
  { ask, check, cells }: { ask: Ask; check?: () => void; cells: BlockCells | null },
): Promise<Looked> {
  const raw: tf.Tensor4D[] = [];
  const paste = cells?.paste(now);
  try {
    for (const part of now) raw.push(await parts.phi(part));
    check?.();
    if (raw.length > 1) raw.unshift(tf.tidy(() => tf.concat(raw, 0)));
    return await ask(raw[0]!, paste);
  } finally {
    tf.dispose(raw);
    paste?.cells.dispose();
  }
}

/** The first `count` rows, those at `places` taken from what follows them. */
function replaced(all: Looked, count: number, places: readonly number[]): Looked {
  const rows = Array.from({ length: count }, (_, i) => i);
  places.forEach((place, i) => (rows[place] = count + i));
  const index = tf.tensor1d(rows, 'int32');
  const pick = <T extends tf.Tensor>(tensor: T | null): T | null => tensor && tf.gather(tensor, index);
  const { fused, normal, abnormal } = all.maps;
  return {
    maps: { fused: pick(fused)!, normal: pick(normal), abnormal: pick(abnormal) },
    own: pick(all.own),
    mask: null,
    nonFinite: pick(all.nonFinite)!,
  };
}

/** A block on the cells of each part. */
export class BlockCells {
  readonly width: number;
  readonly height: number;
  /** On the cells over the whole image: height * width, 0 or 1. */
  readonly mask: Uint8Array;
  readonly #origins: { x: readonly number[]; y: readonly number[] };

  /** @param rows, @param columns cells of one part */
  constructor(
    private readonly block: PastedBlock,
    layout: MapLayout,
    readonly rows: number,
    readonly columns: number,
  ) {
    const x = cellsAlong(layout.columns, columns);
    const y = cellsAlong(layout.rows, rows);
    [this.width, this.height] = [x.count, y.count];
    this.#origins = { x: x.origins, y: y.origins };
    this.mask = blockMask(block, this.height, this.width);
  }

  touches(part: number): boolean {
    return this.#of(part).includes(1);
  }

  /** What `look` is to paste on some parts; the cells are the caller's. */
  paste(parts: readonly number[]): { cells: tf.Tensor3D; strengths: number[] } {
    const cells = new Float32Array(parts.length * this.rows * this.columns);
    parts.forEach((part, i) => cells.set(this.#of(part), i * this.rows * this.columns));
    return {
      cells: tf.tensor3d(cells, [parts.length, this.rows, this.columns]),
      strengths: parts.map(() => this.block.intensity),
    };
  }

  #of(part: number): Float32Array {
    const { x, y } = this.#origins;
    const [left, top] = [x[part % x.length]!, y[Math.floor(part / x.length)]!];
    const cells = new Float32Array(this.rows * this.columns);
    for (let row = 0; row < this.rows && top + row < this.height; row++) {
      for (let column = 0; column < this.columns && left + column < this.width; column++)
        cells[row * this.columns + column] = this.mask[(top + row) * this.width + left + column]!;
    }
    return cells;
  }
}
