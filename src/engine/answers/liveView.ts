// One live update: the image on screen, with the block pasted into its features, through both branches to a map,
// a score and a painted overlay. A handful of numbers is read back, at once; maps stay on the GPU until someone points at
// them.
import { colormap } from '../../lib/overlay/colormaps';
import { settle } from '../../lib/gpu/backend';
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { mapExtremes } from '../../lib/kernels/maps/mapExtremes';
import type { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import type { ProcessorOverlay } from '../../lib/kernels/maps/processorOverlay';
import { answer, blockMasks, enlarge, type Answer } from '../../lib/scoring/answer';
import { readFiniteScores, ScoreNotFinite, withFiniteCheck } from '../../lib/scoring/finiteScores';
import { NoFeaturesToPaste } from '../api/errors';
import { PIXELS, type ModelState } from '../models/modelState';
import { NewestWins } from './newestWins';
import { scoringOf, tidyWith } from './scoredMap';
import type { ImageId, PixelReading, Shown, View } from '../api/types';

export interface LiveViewOptions {
  /** Raw phi [1, H, W, C] of an image; the view disposes it. */
  features(id: ImageId): Promise<tf.Tensor4D>;
  /** The model that answers for these features, or null. */
  model(): ModelState | null;
  renderer(): OverlayRenderer | ProcessorOverlay | null;
  inputSize(): number;
  /** The image as the user knows it. */
  nameOf(id: ImageId): string;
  /** Does work again when the device was lost under it. */
  again<T>(work: () => Promise<T>): Promise<T>;
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
    this.#options.again(() => this.#update(view, arrived)),
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
  #answer(view: View, raw: tf.Tensor4D, state: ModelState): Drawn {
    const size = this.#options.inputSize();
    const { readable, ...drawn } = tidyWith(raw, () => {
      if (view.block && state.features.backbone === PIXELS) throw new NoFeaturesToPaste();
      const { fusionValue } = view;
      const blocks = view.block ? [view.block] : [];
      const found = answer(state, raw, { size, ...scoringOf(view), fusionValue, blocks });
      const shown = mapOf(view.map, found, size)?.clone() ?? emptyMask(raw);
      // tidy keeps the tensors and passes over the nulls.
      const readable = { ...found.maps, fused: found.scored } as Readable & tf.NamedTensorMap;
      return { shown, numbers: withFiniteCheck(found, shown), readable };
    });
    this.clear();
    this.#readable = readable;
    return { ...drawn, scored: true };
  }

  /** Without a model only the pasted cells can be shown. */
  #maskOnly(view: View, raw: tf.Tensor4D): Drawn {
    const drawn = tidyWith(raw, () => {
      const shown = view.map === 'mask' && view.block ? blockMasks([view.block], raw) : emptyMask(raw);
      return { shown, numbers: mapExtremes(shown) };
    });
    this.clear();
    return { ...drawn, scored: false };
  }

  /**
   * Draws the map. With a fixed range nothing waits for a number: reading comes after the draw, and what is refused then
   * is not to be looked at.
   */
  async #paint(view: View, drawn: Drawn): Promise<Numbers> {
    const { shown, numbers } = drawn;
    try {
      if (view.range) this.#draw(view, shown, view.range);
      const read = await this.#read(view, drawn);
      if (!view.range) {
        this.#draw(view, shown, read.extremes);
        await settle();
      }
      faults.check();
      return read;
    } finally {
      tf.dispose([shown, numbers]);
    }
  }

  /** One read back, whatever is shown. @throws ScoreNotFinite: then there is nothing to point at either */
  async #read(view: View, { numbers, scored }: Drawn): Promise<Numbers> {
    if (!scored) return { score: null, extremes: [...(await numbers.data())] as [number, number] };
    try {
      const [read] = await readFiniteScores(numbers, [this.#options.nameOf(view.image)]);
      return { score: read!.score, extremes: read!.extremes[0]! };
    } catch (error) {
      if (error instanceof ScoreNotFinite) this.clear();
      throw error;
    }
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

/** A map to draw, and the numbers to read back: its extremes, or (if `scored`) what withFiniteCheck() gives. */
interface Drawn {
  shown: tf.Tensor3D;
  numbers: tf.Tensor2D;
  scored: boolean;
}

interface Numbers {
  score: number | null;
  extremes: [number, number];
}

/** The slider's value and the trained one, which went through float32. */
const isTrained = (value: number, trained: number): boolean => Math.abs(value - trained) < 5e-4;

const cellOf = (fraction: number, cells: number): number =>
  Math.min(cells - 1, Math.max(0, Math.floor(fraction * cells)));

function emptyMask(phi: tf.Tensor4D): tf.Tensor3D {
  const [, height, width] = phi.shape;
  return tf.zeros([1, height, width]);
}

/** The map a view asks for, at the size it is drawn from: only the fused one is smoothed. */
function mapOf(map: View['map'], { maps, scored, mask }: Answer, size: number): tf.Tensor3D | null {
  if (map === 'mask') return mask;
  return map === 'fused' ? scored : maps[map] && enlarge(maps[map], size);
}

/**
 * Values at S x S. The branches' maps are enlarged here, not with every update: few updates are pointed at. All reads
 * start at once, because the next update disposes the maps.
 */
async function readValues(maps: Readable): Promise<Values> {
  const size = maps.fused.shape[1];
  const branches = [maps.normal, maps.abnormal].map((map) => map && enlarge(map, size));
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
