// One live update: the image on screen, with the block pasted into its features, through both branches to a map,
// a score and a painted overlay. Only three numbers are read back; maps stay on the GPU until someone points at
// them.
import { colormap } from '../../lib/overlay/colormaps';
import { settle } from '../../lib/gpu/backend';
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { mapExtremes } from '../../lib/kernels/maps/mapExtremes';
import type { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import { pasteBlock } from '../../lib/kernels/maps/pasteBlock';
import { scoreMaps, type ScoredMaps } from '../../lib/kernels/maps/smoothMap';
import { blockMask } from '../../lib/methods/grad/blocks';
import { anomalyMaps, imageScores, type AnomalyMaps } from '../../lib/scoring/anomalyMaps';
import { NoFeaturesToPaste } from '../api/errors';
import { adaptFeatures, PIXELS, type ModelState } from '../models/modelState';
import { NewestWins } from './newestWins';
import type { Block, ImageId, PixelReading, Shown, View } from '../api/types';

export interface LiveViewOptions {
  /** Raw phi [1, H, W, C] of an image; the view disposes it. */
  features(id: ImageId): Promise<tf.Tensor4D>;
  /** The model that answers for these features, or null. */
  model(): ModelState | null;
  renderer(): OverlayRenderer | null;
  inputSize(): number;
}

/** Maps of the last update, kept for the pointer: the fused one at S x S, the branches' at feature resolution. */
interface Readable {
  fused: tf.Tensor3D;
  normal: tf.Tensor3D | null;
  abnormal: tf.Tensor3D | null;
}

interface Values {
  fused: Float32Array;
  normal: Float32Array | null;
  abnormal: Float32Array | null;
}

export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #updates = new NewestWins<{ view: View; arrived: number }, Shown>(({ view, arrived }) =>
    this.#update(view, arrived),
  );
  #readable: Readable | null = null;
  /** Of the maps in `#readable`, once someone has pointed at them. */
  #values: Promise<Values> | null = null;

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  async show(view: View): Promise<Shown> {
    return (await this.#updates.submit({ view, arrived: performance.now() })) ?? { superseded: true };
  }

  /** Values of all branches at a place in [0, 1) x [0, 1) of the image shown last; null before the first. */
  async readPixel({ x, y }: { x: number; y: number }): Promise<PixelReading | null> {
    const maps = this.#readable;
    if (!maps) return null;
    const [, height, width] = maps.fused.shape;
    const at = cellOf(y, height) * width + cellOf(x, width);
    const { fused, normal, abnormal } = await (this.#values ??= readValues(maps));
    return { fused: fused[at]!, normal: normal?.[at] ?? null, abnormal: abnormal?.[at] ?? null };
  }

  /** Forgets the last update. `lost`: the device is gone and its tensors with it. */
  clear({ lost = false } = {}): void {
    if (!lost && this.#readable) tf.dispose(this.#readable as Readable & tf.NamedTensorMap);
    this.#readable = null;
    this.#values = null;
  }

  async #update(view: View, arrived: number): Promise<Shown> {
    const raw = await this.#options.features(view.image);
    const state = this.#options.model();
    const drawn = state ? this.#answer(view, raw, state) : this.#maskOnly(view, raw);
    const { score, extremes } = await this.#paint(view, drawn);
    const own = state?.fusionValue ?? null;
    const trained = view.fusionValue === null || own === null || isTrained(view.fusionValue, own);
    return { superseded: false, score, extremes, ms: performance.now() - arrived, trained };
  }

  /** Everything up to the map to draw, in one synchronous stretch: no other work interleaves. */
  #answer(view: View, raw: tf.Tensor4D, { statistics, model, features }: ModelState): Drawn {
    const size = this.#options.inputSize();
    const { readable, ...drawn } = disposing(raw, () => {
      if (view.block && features.backbone === PIXELS) throw new NoFeaturesToPaste();
      const phi = adaptFeatures(raw, statistics);
      const mask = view.block && blockTensor(view.block, phi);
      const pasted = mask
        ? pasteBlock(phi, mask, tf.tensor1d([view.block!.intensity * statistics.sigma]))
        : phi;
      const maps = anomalyMaps(model, pasted, view);
      const scored = scoreMaps(maps.fused, size, view.smooth);
      const shown = mapOf(view.map, { maps, scored, mask, size })?.clone() ?? emptyMask(phi);
      const score = imageScores(model, pasted, maps, scored);
      const numbers = tf.concat([mapExtremes(shown), score.reshape<tf.Tensor2D>([1, 1])], 1);
      // tidy keeps the tensors and passes over the nulls.
      const readable = { ...maps, fused: scored.pixels } as Readable & tf.NamedTensorMap;
      return { shown, numbers, readable };
    });
    this.clear();
    this.#readable = readable;
    return { ...drawn, scored: true };
  }

  /** Without a model only the pasted cells can be shown. */
  #maskOnly(view: View, raw: tf.Tensor4D): Drawn {
    const drawn = disposing(raw, () => {
      const shown = view.map === 'mask' && view.block ? blockTensor(view.block, raw) : emptyMask(raw);
      return { shown, numbers: mapExtremes(shown) };
    });
    this.clear();
    return { ...drawn, scored: false };
  }

  /** Draws the map. With a fixed range nothing waits for a number: reading comes after the draw. */
  async #paint(
    view: View,
    { shown, numbers, scored }: Drawn,
  ): Promise<{ score: number | null; extremes: [number, number] }> {
    if (view.range) this.#draw(view, shown, view.range);
    const [low, high, score] = (await numbers.data()) as unknown as [number, number, number];
    if (!view.range) {
      this.#draw(view, shown, [low, high]);
      await settle();
    }
    tf.dispose([shown, numbers]);
    faults.check();
    return { score: scored ? score : null, extremes: [low, high] };
  }

  #draw(
    { colormap: colours, opacity, fade = 0, threshold }: View,
    map: tf.Tensor3D,
    range: [number, number],
  ): void {
    const [, height, width] = map.shape;
    const flat = map.reshape<tf.Tensor2D>([height, width]);
    this.#options.renderer()?.draw(flat, { range, lut: colormap(colours), opacity, fade, threshold });
    flat.dispose();
  }
}

/** A map to draw, and the numbers to read back: its extremes, then (if `scored`) the image score. */
interface Drawn {
  shown: tf.Tensor3D;
  numbers: tf.Tensor2D;
  scored: boolean;
}

/** The slider's value and the trained one, which went through float32. */
const isTrained = (value: number, trained: number): boolean => Math.abs(value - trained) < 5e-4;

const cellOf = (fraction: number, cells: number): number =>
  Math.min(cells - 1, Math.max(0, Math.floor(fraction * cells)));

function blockTensor(block: Block, phi: tf.Tensor4D): tf.Tensor3D {
  const [, height, width] = phi.shape;
  return tf.tensor3d(Float32Array.from(blockMask(block, height, width)), [1, height, width]);
}

function emptyMask(phi: tf.Tensor4D): tf.Tensor3D {
  const [, height, width] = phi.shape;
  return tf.zeros([1, height, width]);
}

interface Answer {
  maps: AnomalyMaps;
  scored: ScoredMaps;
  mask: tf.Tensor3D | null;
  size: number;
}

/** The map a view asks for, at the size it is drawn from: only the fused one is smoothed. */
function mapOf(map: View['map'], { maps, scored, mask, size }: Answer): tf.Tensor3D | null {
  if (map === 'mask') return mask;
  return map === 'fused' ? scored.pixels : enlarged(maps[map], size);
}

const enlarged = (map: tf.Tensor3D | null, size: number): tf.Tensor3D | null =>
  map && scoreMaps(map, size, 'none').pixels;

/** A tidy that takes its input along, also when it throws. */
function disposing<T extends tf.TensorContainer>(raw: tf.Tensor4D, work: () => T): T {
  try {
    return tf.tidy(work);
  } finally {
    raw.dispose();
  }
}

/**
 * Values at S x S. The branches' maps are enlarged here, not with every update: few updates are pointed at. All reads
 * start at once, because the next update disposes the maps.
 */
async function readValues(maps: Readable): Promise<Values> {
  const size = maps.fused.shape[1];
  const branches = [maps.normal, maps.abnormal].map((map) => enlarged(map, size));
  const reading = Promise.all([
    maps.fused.data<'float32'>(),
    ...branches.map(async (map) => (map ? map.data<'float32'>() : null)),
  ]);
  try {
    const [fused, normal = null, abnormal = null] = await reading;
    return { fused, normal, abnormal };
  } finally {
    tf.dispose(branches.filter((map) => map !== null));
  }
}
