// PatchCore (Roth, Pemula, Zepeda, Schoelkopf, Brox, Gehler: "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022,
// arXiv 2106.08265): remembers a coreset of the training images' patches; a patch is as anomalous as it is far from the
// nearest remembered one.
//
// Where this differs from the public code: patches are pooled after the two levels have been put on one grid, not
// before; the greedy choice starts at a random patch and keeps exact distances, as in the paper's algorithm 1.
import { nearestNeighbours } from '../../kernels/search/nearestNeighbours';
import { tf } from '../../gpu/tf';
import { oneOf } from '../../formats/schema';
import { fitInSteps } from '../../nn/fit';
import {
  defineMethod,
  type Comparison,
  type Detector,
  type DetectorConfig,
  type FitContext,
  type StoredTensor,
} from '../detector';
import { configIn, readTensors, size, storedTensor } from '../stored';
import { PATCHCORE, patchcoreOptions, type PatchcoreOptions } from './about';
import { reweightedScores } from './imageScore';
import { buildBank, stepsOf } from './memoryBank';
import { coresetSizes, locallyAwarePatches } from './patches';

/** @throws NothingToTrain | FeaturesNotFinite | MemoryTooLarge | GpuFault */
function fit(context: FitContext<PatchcoreOptions>): Promise<Detector | null> {
  const { shape, source, options } = context;
  const sizes = coresetSizes(source.count * shape.height * shape.width, options);
  return fitInSteps(context, stepsOf(source.count, sizes), async (steps) => {
    const patches = await buildBank(steps, shape, sizes);
    return patches && detector(patches, options.score);
  });
}

/** @param patches [M, C], taken over */
function detector(patches: tf.Tensor2D, score: PatchcoreOptions['score']): Detector {
  // Searches read the bank channel by channel.
  const bank = patches.transpose<tf.Tensor2D>();
  patches.dispose();
  return {
    method: PATCHCORE.id,
    config: { channels: bank.shape[0], score },
    map: (phi) => distancesTo(bank, phi),
    ...(score === 'reweighted' && {
      imageScores: (phi, maps) => tf.tidy(() => reweightedScores(locallyAwarePatches(phi), maps, bank)),
    }),
    comparison: (phi) => tf.tidy(() => nearestPatches(bank, phi)),
    patches: locallyAwarePatches,
    tensors: async () => {
      const rows = bank.transpose();
      try {
        return await readTensors({ patches: rows });
      } finally {
        rows.dispose();
      }
    },
    dispose: () => bank.dispose(),
  };
}

/** Euclidean distance of every patch to the nearest remembered one, [B, H, W]. */
function distancesTo(bank: tf.Tensor2D, phi: tf.Tensor4D): tf.Tensor3D {
  const [images, height, width] = phi.shape;
  return tf.tidy(() =>
    nearestNeighbours(locallyAwarePatches(phi), bank).distances.reshape([images, height, width]),
  );
}

/** Every patch beside the remembered one that it is nearest to. */
function nearestPatches(bank: tf.Tensor2D, phi: tf.Tensor4D): Comparison & tf.NamedTensorMap {
  const patches = locallyAwarePatches(phi);
  const index = nearestNeighbours(patches, bank).indices.reshape([-1]).toInt();
  const found = tf.gather(bank, index as tf.Tensor1D, 1).transpose();
  return { seen: patches.reshape<tf.Tensor4D>(phi.shape), expected: found.reshape<tf.Tensor4D>(phi.shape) };
}

function restore(config: DetectorConfig, tensors: ReadonlyMap<string, StoredTensor>): Detector {
  const { channels, score } = configIn({ channels: size, score: oneOf(['reweighted', 'nearest']) }, config);
  const patches = storedTensor(tensors, 'patches', [null, channels]);
  return detector(tf.tensor2d(patches, [patches.length / channels, channels]), score);
}

/** Fitted on feature maps; the anomaly map is in units of the features. */
export const patchcore = defineMethod({ about: PATCHCORE, optionsFrom: patchcoreOptions, fit, restore });
export default patchcore;
