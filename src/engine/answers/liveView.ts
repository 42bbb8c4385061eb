// One live update: the image on screen, with the block pasted into its features, through both branches to a map,
// a score and a painted overlay. A handful of numbers is read back, at once; maps stay on the GPU until someone points at
// them.
import type { MapLayout } from '../../lib/framing';
import { colormap } from '../../lib/overlay/colormaps';
import { flush, settle } from '../../lib/gpu/backend';
import { faults } from '../../lib/gpu/faults';
import { byShader, profile, TimestampsMissing, type ShaderTime } from '../../lib/gpu/profiler';
import { tf } from '../../lib/gpu/tf';
import { mapExtremes } from '../../lib/kernels/maps/mapExtremes';
import type { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import type { ProcessorOverlay } from '../../lib/kernels/maps/processorOverlay';
import {
  answer,
  enlarge,
  joined,
  look,
  type AnomalyModel,
  type Answer,
  type Looked,
} from '../../lib/scoring/answer';
import { readFiniteScores, ScoreNotFinite, withFiniteCheck } from '../../lib/scoring/finiteScores';
import { NoFeaturesToPaste, ScoringOutdated } from '../api/errors';
import type { ImageParts, PartId } from '../features/imageParts';
import { PIXELS, type ModelState } from '../models/modelState';
import { NewestWins } from './newestWins';
import {
  answerParts,
  BlockCells,
  lookAtParts,
  type AnswerOptions as PartOptions,
  type Ask,
  type LookingAt,
  type Parts,
} from './parts';
import { mapScoringOf, tidyWith } from './scoredMap';
import type { ImageId, PixelReading, Shown, View, Watched } from '../api/types';

export interface LiveViewOptions {
  /** How an image is looked at. @throws UnknownImage */
  parts(id: ImageId): Promise<ImageParts>;
  /** Raw phi [1, H, W, C] of a part; the view disposes it. */
  features(part: PartId): Promise<tf.Tensor4D>;
  /** Parts a pass. */
  batch(): number;
  /** The model that answers for these features, or null. */
  model(): ModelState | null;
  renderer(): OverlayRenderer | ProcessorOverlay | null;
  /** The image as the user knows it. */
  nameOf(id: ImageId): string;
  /** Does work again when the device was lost under it. */
  again<T>(work: () => Promise<T>): Promise<T>;
}

/** Maps of the last update, kept for the pointer: the fused one as it is drawn, the branches' at feature resolution. */
interface Readable {
  image: ImageId;
  layout: MapLayout;
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
  #last: View | null = null;
  #looked: { key: string; model: AnomalyModel; looked: Looked } | null = null;
  /** Of the maps in `#readable`, once someone has pointed at them. */
  #values: Promise<Values> | null = null;

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  async show(view: View): Promise<Shown> {
    this.#last = view;
    return (await this.#updates.submit({ view, arrived: performance.now() })) ?? { superseded: true };
  }

  /** Shows the last view again with every kernel timed; null before the first. @throws TimestampsMissing */
  async profile(device: GPUDevice | null): Promise<ShaderTime[] | null> {
    const view = this.#last;
    if (!view) return null;
    if (!device) throw new TimestampsMissing();
    await settle();
    const times = await profile(device, async () => {
      await this.show(view);
      flush();
    });
    return byShader(times);
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

  /** All maps of the image shown last. */
  async readMaps(): Promise<Omit<Watched, 'scores'>> {
    const maps = this.#readable;
    if (!maps) return { image: null, maps: { fused: null, normal: null, abnormal: null } };
    const [, height, width] = maps.fused.shape;
    const found = await (this.#values ??= readValues(maps));
    // Copies: the pointer reads these too.
    const data = (values: Float32Array | null) => values && { width, height, values: values.slice() };
    const { fused, normal, abnormal } = found;
    return {
      image: maps.image,
      maps: { fused: data(fused), normal: data(normal), abnormal: data(abnormal) },
    };
  }

  /** Forgets the last update. `lost`: the device is gone and its tensors with it. */
  clear({ lost = false } = {}): void {
    if (lost) this.#looked = null;
    this.#forgetLooked();
    this.#forgetReadable(lost);
  }

  #forgetReadable(lost = false): void {
    const { fused, normal, abnormal } = this.#readable ?? {};
    if (!lost) [fused, normal, abnormal].forEach((map) => map?.dispose());
    this.#readable = null;
    this.#values = null;
  }

  async #update(view: View, arrived: number): Promise<Shown> {
    const image = await this.#options.parts(view.image);
    try {
      return await this.#updateFrom(view, arrived, image);
    } catch (error) {
      // Cut another way meanwhile: what was waited for does not come any more.
      const now = await this.#options.parts(view.image);
      if (sameLayout(image, now)) throw error;
      return this.#update(view, arrived);
    }
  }

  async #updateFrom(view: View, arrived: number, image: ImageParts): Promise<Shown> {
    const raw = await this.#options.features(image.ids[0]!);
    const state = this.#options.model();
    const drawn = !state
      ? this.#maskOnly(view, raw, image)
      : image.ids.length > 1
        ? await this.#answerParts(view, raw, state, image)
        : this.#answer(view, raw, state, image);
    const { score, extremes } = await this.#paint(view, drawn);
    const own = state?.fusionValue ?? null;
    const trained = view.fusionValue === null || own === null || isTrained(view.fusionValue, own);
    return { superseded: false, score, extremes, ms: performance.now() - arrived, trained };
  }

  /** Everything up to the map to draw, in one synchronous stretch: no other work interleaves. */
  #answer(view: View, raw: tf.Tensor4D, state: ModelState, { layout }: ImageParts): Drawn {
    const drawn = tidyWith(raw, () => {
      if (view.block && state.features.backbone === PIXELS) throw new NoFeaturesToPaste();
      const { fusionValue } = view;
      const blocks = view.block ? [view.block] : [];
      const found = answer(state, raw, { size: layout, ...mapScoringOf(view), fusionValue, blocks });
      return kept(found, view, layout, blockCells(view, raw, layout));
    });
    return this.#keep(drawn, layout, view.image);
  }

  /** The same of an image in tiles, a few at a time; another model may take over meanwhile. */
  async #answerParts(
    view: View,
    raw: tf.Tensor4D,
    state: ModelState,
    { ids, layout }: ImageParts,
  ): Promise<Drawn> {
    const cells = tidyWith(raw, () => blockCells(view, raw, layout));
    try {
      if (view.block && state.features.backbone === PIXELS) throw new NoFeaturesToPaste();
      const { features, model, batch } = this.#options;
      const check = () => {
        if (model()?.model !== state.model) throw new ScoringOutdated();
      };
      const parts = { count: ids.length, layout, phi: (part: number) => features(ids[part]!) };
      const { fusionValue, block, image } = view;
      const options = { ...mapScoringOf(view), fusionValue };
      const how = { check, batch: batch() };
      const without = await this.#lookedAt(image, state, parts, options, how);
      const found = await answerParts(state, parts, options, { ...how, block, without }).finally(() => {
        if (without) tf.dispose(without as Looked & tf.NamedTensorMap);
      });
      const drawn = tidyWith(found as Answer & tf.NamedTensorMap, () => kept(found, view, layout, cells));
      return this.#keep(drawn, layout, image);
    } finally {
      cells.dispose();
    }
  }

  /**
   * The image in tiles without a block, kept while only block and colours change; nothing while the model still learns.
   * The caller disposes it.
   */
  async #lookedAt(
    image: ImageId,
    state: ModelState,
    parts: Parts,
    options: PartOptions,
    how: LookingAt,
  ): Promise<Looked | undefined> {
    if (Number.isNaN(state.fusionValue)) return undefined;
    const { refine, fusionValue, imageScore } = options;
    const key = JSON.stringify([image, parts.layout, refine, fusionValue, imageScore]);
    const { model } = state;
    if (this.#looked?.key !== key || this.#looked.model !== model) {
      const ask: Ask = async (phi) => look(state, phi, options);
      const looked = await lookAtParts(parts, ask, how);
      how.check?.();
      this.#forgetLooked();
      this.#looked = { key, model, looked };
    }
    // Handles of the caller's own: it may be forgotten while they are in use.
    const { looked } = this.#looked!;
    return tf.tidy(() => joined([looked]) as Looked & tf.NamedTensorMap);
  }

  #forgetLooked(): void {
    if (this.#looked) tf.dispose(this.#looked.looked as Looked & tf.NamedTensorMap);
    this.#looked = null;
  }

  #keep({ readable, ...drawn }: Kept, layout: MapLayout, image: ImageId): Drawn {
    this.#forgetReadable();
    this.#readable = { ...readable, layout, image };
    return { ...drawn, scored: true };
  }

  /** Without a model only the pasted cells can be shown. */
  #maskOnly(view: View, raw: tf.Tensor4D, { layout }: ImageParts): Drawn {
    const drawn = tidyWith(raw, () => {
      const cells = blockCells(view, raw, layout);
      const shown = view.map === 'mask' ? cells : tf.zerosLike(cells);
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
      if (view.range) this.#draw(view, shown, view.range, true);
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
    waits = false,
  ): void {
    const [, height, width] = map.shape;
    const flat = map.reshape<tf.Tensor2D>([height, width]);
    this.#options.renderer()?.draw(flat, { range, lut: colormap(colours), opacity, fade, threshold, waits });
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

const sameLayout = (a: ImageParts, b: ImageParts): boolean =>
  JSON.stringify(a.layout) === JSON.stringify(b.layout);

/** The slider's value and the trained one, which went through float32. */
const isTrained = (value: number, trained: number): boolean => Math.abs(value - trained) < 5e-4;

const cellOf = (fraction: number, cells: number): number =>
  Math.min(cells - 1, Math.max(0, Math.floor(fraction * cells)));

/** The cells of the pasted block, [1, height, width] over the whole image; without one there are none. */
function blockCells({ block }: View, phi: tf.Tensor4D, layout: MapLayout): tf.Tensor3D {
  const [, rows, columns] = phi.shape;
  if (!block) return tf.zeros([1, rows, columns]);
  const { mask, height, width } = new BlockCells(block, layout, rows, columns);
  return tf.tensor3d(Float32Array.from(mask), [1, height, width]);
}

/** What of an answer is drawn, read and kept. */
type Kept = Pick<Drawn, 'shown' | 'numbers'> & { readable: Omit<Readable, 'layout' | 'image'> };

/** In a tidy. */
function kept(found: Answer, view: View, layout: MapLayout, cells: tf.Tensor3D): Kept & tf.NamedTensorMap {
  const shown = mapOf(view, found, layout, cells)?.clone() ?? tf.zerosLike(cells);
  const { normal, abnormal } = found.maps;
  // tidy keeps the tensors and passes over the nulls. Handles of their own: the answer may be given up.
  const readable = {
    fused: found.scored.clone(),
    normal: normal?.clone() ?? null,
    abnormal: abnormal?.clone() ?? null,
  };
  return { shown, numbers: withFiniteCheck(found, shown), readable } as Kept & tf.NamedTensorMap;
}

/** The map a view asks for, at the size it is drawn from: only the fused one is smoothed. */
function mapOf(
  { map, block }: View,
  { maps, scored }: Answer,
  layout: MapLayout,
  cells: tf.Tensor3D,
): tf.Tensor3D | null {
  if (map === 'mask') return block && cells;
  return map === 'fused' ? scored : maps[map] && enlarge(maps[map], layout);
}

/**
 * Values at S x S. The branches' maps are enlarged here, not with every update: few updates are pointed at. All reads
 * start at once, because the next update disposes the maps.
 */
async function readValues(maps: Readable): Promise<Values> {
  const branches = [maps.normal, maps.abnormal].map((map) => map && enlarge(map, maps.layout));
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
