// PatchCore (Roth, Pemula, Zepeda, Schoelkopf, Brox, Gehler: "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022,
// arXiv 2106.08265): remembers a coreset of the training images' patches; a patch is as anomalous as it is far from the
// nearest remembered one.
//
// Where this differs from the public code: patches are pooled after the two levels have been put on one grid, not
// before; the greedy choice starts at a random patch and keeps exact distances, as in the paper's algorithm 1.
//
// With cosine distances it is AnomalyDINO (Damm, Laszkiewicz, Lederer, Fischer: "AnomalyDINO: Boosting Patch-based Few-shot Anomaly
// Detection with DINOv2", WACV 2025, arXiv 2405.14529): few images, each turned, every patch kept, and the background left out.
import { nearestNeighbours } from '../../kernels/search/nearestNeighbours';
import { tf } from '../../gpu/tf';
import { fitInSteps } from '../../nn/fit';
import {
  defineMethod,
  type Comparison,
  type Detector,
  type DetectorConfig,
  type FitContext,
  type StoredTensor,
} from '../detector';
import { BadModelFile } from '../errors';
import { configIn, readTensors, storedTensor } from '../stored';
import { PATCHCORE, patchcoreOptions, type PatchcoreOptions } from './about';
import { CONFIG, MOST_REFERENCES } from './config';
import { findForeground, foregroundMask, type Foreground } from './foreground';
import { reweightedScores, topScores } from './imageScore';
import { buildBank, stepsOf } from './memoryBank';
import { coresetSizes, patchesFor } from './patches';
import { TurnedInputs, TURNS } from './turns';

/** What answers. Tensors belong to the detector. */
interface Memory {
  /** [C, M] */
  bank: tf.Tensor2D;
  score: PatchcoreOptions['score'];
  distance: PatchcoreOptions['distance'];
  foreground: Foreground | null;
  /**
   * How many of the patches are of each training image, in their order, and of these how many of the image as it lies; only
   * where few images were remembered by cosine distances, to be judged without themselves.
   */
  references: Reference[];
}

interface Reference {
  patches: number;
  upright: number;
}

/** @throws NothingToTrain | FeaturesNotFinite | MemoryTooLarge | GpuFault */
async function fit(context: FitContext<PatchcoreOptions>): Promise<Detector | null> {
  const { shape, options } = context;
  const turns = options.turns && context.source.turned ? new TurnedInputs(context.source) : null;
  const source = turns ?? context.source;
  const cells = shape.height * shape.width;
  const sizes = coresetSizes(source.count * cells, options);
  const work = { ...context, source };
  try {
    return await fitInSteps(work, stepsOf(source.count, sizes), async (steps) => {
      const found = await buildBank(steps, shape, sizes, patchesFor(options.distance));
      if (!found) return null;
      const { patches, members } = found;
      try {
        const onBorder = (patch: number) => atEdge(members[patch]! % cells, shape);
        const foreground = options.foreground ? await findForeground(patches, onBorder) : null;
        const few = options.distance === 'cosine' && context.source.count <= MOST_REFERENCES;
        const references = few
          ? referencesOf(members, context.source.count, { cells, turns: turns ? TURNS : 1 })
          : [];
        // Searches read the bank channel by channel.
        const bank = patches.transpose<tf.Tensor2D>();
        const { score, distance } = options;
        return detector({ bank, score, distance, foreground, references });
      } finally {
        patches.dispose();
      }
    });
  } finally {
    turns?.release();
  }
}

function atEdge(cell: number, { height, width }: { height: number; width: number }): boolean {
  const [row, column] = [Math.floor(cell / width), cell % width];
  return row === 0 || column === 0 || row === height - 1 || column === width - 1;
}

function referencesOf(
  members: Uint32Array,
  images: number,
  { cells, turns }: { cells: number; turns: number },
): Reference[] {
  const references = Array.from({ length: images }, (): Reference => ({ patches: 0, upright: 0 }));
  for (const member of members) {
    const copy = Math.floor(member / cells);
    const reference = references[Math.floor(copy / turns)]!;
    reference.patches++;
    if (copy % turns === 0) reference.upright++;
  }
  return references;
}

/** @param memory taken over */
function detector(memory: Memory): Detector {
  const { bank, score, distance, foreground, references } = memory;
  const toPatches = patchesFor(distance);
  return {
    method: PATCHCORE.id,
    config: configOf(memory),
    map: (phi) => distancesTo(memory, phi),
    ...(score === 'reweighted' && {
      imageScores: (phi, maps) => tf.tidy(() => reweightedScores(toPatches(phi), maps, bank)),
    }),
    ...(score === 'top' && { imageScores: (_, maps) => topScores(maps) }),
    ...(references.length > 0 && {
      references: references.length,
      without: (image: number) => without(memory, image),
    }),
    comparison: (phi) => tf.tidy(() => nearestPatches(memory, phi)),
    patches: toPatches,
    tensors: async () => {
      const rows = bank.transpose();
      try {
        return await readTensors({ patches: rows, ...(foreground && { foreground: foreground.direction }) });
      } finally {
        rows.dispose();
      }
    },
    dispose: () => tf.dispose([bank, ...(foreground ? [foreground.direction] : [])]),
  };
}

/** What is as it always was is not named. */
function configOf({ bank, score, distance, foreground, references }: Memory): DetectorConfig {
  return {
    channels: bank.shape[0],
    score,
    ...(distance !== 'euclidean' && { distance }),
    ...(foreground && { foregroundLine: foreground.line }),
    ...(references.length > 0 && {
      references: references.flatMap(({ patches, upright }) => [patches, upright]),
    }),
  };
}

/** Distance of every patch to the nearest remembered one, [B, H, W]: Euclidean, or one minus the cosine. */
function distancesTo({ bank, distance, foreground }: Memory, phi: tf.Tensor4D): tf.Tensor3D {
  const [images, height, width] = phi.shape;
  return tf.tidy(() => {
    const patches = patchesFor(distance)(phi);
    const lengths = nearestNeighbours(patches, bank).distances.reshape<tf.Tensor3D>([images, height, width]);
    if (distance === 'euclidean') return lengths;
    // Of vectors of length one half the square of the distance.
    const cosines = lengths.square().mul<tf.Tensor3D>(0.5);
    return foreground ? cosines.mul(foregroundMask(foreground, patches, [images, height, width])) : cosines;
  });
}

/**
 * What it would be had it not seen one of its images; of a single one, had it seen that only turned. Null where nothing would
 * be left.
 */
function without(memory: Memory, image: number): Detector | null {
  const { bank, references, foreground } = memory;
  const [channels, patches] = bank.shape;
  const first = references.slice(0, image).reduce((sum, { patches }) => sum + patches, 0);
  const own = references[image]!;
  const gone = references.length === 1 ? own.upright : own.patches;
  const rest = patches - first - gone;
  if (first + rest === 0) return null;
  const left = tf.tidy(() => {
    const parts = [bank.slice([0, 0], [channels, first]), bank.slice([0, first + gone], [channels, rest])];
    return tf.concat(
      parts.filter(({ size: values }) => values > 0),
      1,
    ) as tf.Tensor2D;
  });
  const kept = foreground && { ...foreground, direction: foreground.direction.clone() };
  return detector({ ...memory, bank: left, foreground: kept, references: [] });
}

/** Every patch beside the remembered one that it is nearest to. */
function nearestPatches({ bank, distance }: Memory, phi: tf.Tensor4D): Comparison & tf.NamedTensorMap {
  const patches = patchesFor(distance)(phi);
  const index = nearestNeighbours(patches, bank).indices.reshape([-1]).toInt();
  const found = tf.gather(bank, index as tf.Tensor1D, 1).transpose();
  return { seen: patches.reshape<tf.Tensor4D>(phi.shape), expected: found.reshape<tf.Tensor4D>(phi.shape) };
}

function restore(config: DetectorConfig, tensors: ReadonlyMap<string, StoredTensor>): Detector {
  const { channels, score, distance, foregroundLine, references } = configIn(CONFIG, config);
  const patches = storedTensor(tensors, 'patches', [null, channels]);
  const direction = foregroundLine === null ? null : storedTensor(tensors, 'foreground', [channels, 1]);
  const rows = tf.tensor2d(patches, [patches.length / channels, channels]);
  const known = referencesIn(references ?? [], patches.length / channels);
  const bank = rows.transpose<tf.Tensor2D>();
  rows.dispose();
  const foreground = direction && { direction: tf.tensor2d(direction, [channels, 1]), line: foregroundLine! };
  return detector({ bank, score, distance: distance ?? 'euclidean', foreground, references: known });
}

/** Pairs of counts. @throws BadModelFile when they are not those of the bank */
function referencesIn(counts: readonly number[], patches: number): Reference[] {
  const pairs = Array.from({ length: counts.length / 2 }, (_, i) => ({
    patches: counts[2 * i]!,
    upright: counts[2 * i + 1]!,
  }));
  const total = pairs.reduce((sum, pair) => sum + pair.patches, 0);
  const sound = pairs.every((pair) => pair.upright <= pair.patches) && counts.length % 2 === 0;
  if (counts.length > 0 && (!sound || total !== patches)) {
    throw new BadModelFile('its counts of reference patches do not fit them');
  }
  return pairs;
}

/** Fitted on feature maps; the anomaly map is in units of the features, or a cosine distance. */
export const patchcore = defineMethod({ about: PATCHCORE, optionsFrom: patchcoreOptions, fit, restore });
export default patchcore;
