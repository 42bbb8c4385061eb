// The way of one image's features through the model, as pictures and numbers: what the inside view draws. It takes the same
// steps as a live update (lib/scoring/inside.ts) and keeps them on the device, so that pointing at a pixel reads a few
// vectors and computes nothing again.
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { isDetector, type Detector } from '../../lib/methods/detector';
import { modelInput } from '../../lib/scoring/answer';
import { gridSteps } from '../../lib/scoring/inside';
import { NoFeaturesToPaste } from '../api/errors';
import type { ImageParts } from '../features/imageParts';
import { PIXELS, type ModelState } from '../models/modelState';
import { ColourKeeper, type InsideSources } from './insideColours';
import { pictures, readOut, type Steps } from './insidePictures';
import { nearestSource, type PatchSource } from './insideSource';
import { BlockCells } from './parts';
import { tidyWith } from './scoredMap';
import type { Inside, InsideCell, InsideRequest } from '../api/types';

/** What was computed last; tensors of ours. */
type Seen = Steps & { state: ModelState | null };

export class InsideLook {
  readonly #sources: InsideSources;
  readonly #colours: ColourKeeper;
  #seen: Seen | null = null;
  /** Where remembered patches come from, as far as it was looked for. */
  #origins: { model: Detector | null; known: Map<string, PatchSource | null> } = {
    model: null,
    known: new Map(),
  };

  constructor(sources: InsideSources) {
    this.#sources = sources;
    this.#colours = new ColourKeeper(sources);
  }

  /** @throws UnknownImage, GpuFault, NoFeaturesToPaste */
  async show(request: InsideRequest): Promise<Inside> {
    const { parts: partsOf, features, model } = this.#sources;
    const begin = performance.now();
    const image = await partsOf(request.image);
    const part = Math.min(request.part, image.ids.length - 1);
    const colours = await this.#colours.current(image.ids[part]!);
    const raw = await features(image.ids[part]!);
    // From here until the reads have begun one synchronous stretch: a training changes nothing in between.
    const state = model();
    const steps = tidyWith(raw, () => stepsOf(state, raw, request, image, part));
    this.#keep({ ...steps, state });
    const drawing = pictures(steps, state, request.fusionValue, colours);
    const cell = request.cell === null ? null : this.read(request.cell);
    const [drawn, sum] = await Promise.all([drawing, cell]);
    faults.check();
    const [, height, width, channels] = steps.input.shape;
    const parts = image.ids.length;
    return { width, height, channels, part, parts, ...drawn, cell: sum, ms: performance.now() - begin };
  }

  /** The sum behind a pixel of what was shown last; null before the first. */
  async read(wanted: number): Promise<InsideCell | null> {
    if (!this.#seen) return null;
    const { input, grids, comparison, map, state } = this.#seen;
    const [, height, width] = input.shape;
    const cell = Math.min(height * width - 1, Math.max(0, Math.round(wanted)));
    // All are taken before anything is waited for: the next look disposes what they come from.
    const tensors = [input, grids?.normal, grids?.abnormal, comparison?.seen, comparison?.expected, map];
    const taken = tensors.map((tensor) => tensor && tf.tidy(() => vectorAt(tensor, cell, [height, width])));
    const detector = state && isDetector(state.model) ? state.model : null;
    const axes = detector?.gaussianAxes?.(input, cell) ?? null;
    const reads = taken.map((tensor) => tensor && readOut(tensor));
    const [phi, normal = null, abnormal = null, seen = null, expected = null, value] =
      await Promise.all(reads);
    return {
      cell,
      vectors: { phi: phi!, normal, abnormal, seen, expected },
      value: value?.[0] ?? null,
      nearest: detector && expected ? await this.#origin(detector, expected) : null,
      axes: await axes,
    };
  }

  /** Forgets what was looked into. `lost`: the device is gone and its tensors with it. */
  clear({ lost = false } = {}): void {
    if (this.#seen && !lost) disposeSteps(this.#seen);
    this.#seen = null;
    this.#colours.forget();
  }

  #keep(seen: Seen): void {
    if (this.#seen) disposeSteps(this.#seen);
    this.#seen = seen;
  }

  async #origin(model: Detector, patch: Float32Array): Promise<PatchSource | null> {
    if (!model.patches) return null;
    if (this.#origins.model !== model) this.#origins = { model, known: new Map() };
    const { known } = this.#origins;
    const key = patch.join();
    if (!known.has(key)) known.set(key, await nearestSource(model, patch, this.#sources));
    return known.get(key)!;
  }
}

function disposeSteps({ input, grids, comparison, map }: Seen): void {
  tf.dispose({ input, grids, comparison, map } as unknown as tf.NamedTensorMap);
}

/** In a tidy: the steps keep what they hold. @throws NoFeaturesToPaste */
function stepsOf(
  state: ModelState | null,
  raw: tf.Tensor4D,
  { block, refine, fusionValue }: InsideRequest,
  { layout }: ImageParts,
  part: number,
): Steps & tf.NamedTensorMap {
  if (block && state?.features.backbone === PIXELS) throw new NoFeaturesToPaste();
  const [, rows, columns] = raw.shape;
  const paste = block && new BlockCells(block, layout, rows, columns).paste([part]);
  // Without a model there is no unit to paste in.
  const input = state ? modelInput(state.statistics, raw, paste) : raw.clone();
  return { input, ...answered(state, input, { refine, fusionValue }) } as Steps & tf.NamedTensorMap;
}

function answered(
  state: ModelState | null,
  input: tf.Tensor4D,
  how: Pick<InsideRequest, 'refine' | 'fusionValue'>,
): Omit<Steps, 'input'> {
  if (!state) return { grids: null, comparison: null, map: null };
  const { model } = state;
  if (isDetector(model))
    return { grids: null, comparison: model.comparison?.(input) ?? null, map: model.map(input) };
  const grids = gridSteps(model, input, how);
  return { grids, comparison: null, map: grids.map.clone() };
}

/** A place's vector, or number, on a map that may be coarser than the pixels. */
function vectorAt(
  tensor: tf.Tensor3D | tf.Tensor4D,
  cell: number,
  [height, width]: readonly [number, number],
): tf.Tensor1D {
  const [, rows, columns, channels = 1] = tensor.shape as number[];
  const row = Math.floor(((Math.floor(cell / width) + 0.5) / height) * rows!);
  const column = Math.floor((((cell % width) + 0.5) / width) * columns!);
  return tensor
    .reshape<tf.Tensor2D>([rows! * columns!, channels])
    .slice([row * columns! + column, 0], [1, channels])
    .reshape<tf.Tensor1D>([channels]);
}
