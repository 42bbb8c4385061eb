// PatchCore on the features of a ResNet, piece by piece from the library, in Node:
//   node main.mjs DATA [WEIGHTS]
// DATA is laid out as MVTec AD and many others are. WEIGHTS is a .safetensors file of resnet18, resnet50 or wide_resnet50_2;
// by default the small ResNet that ships with the package.
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import {
  answer,
  prepareImage,
  readFiniteScores,
  requestGpu,
  startBackend,
  withFiniteCheck,
} from 'grad-playground';
import { createBackbone, extractFeatures, FeatureStatistics } from 'grad-playground/backbones';
import { readSafetensors } from 'grad-playground/formats';
import { defaultsOf, methodOf, TrainControl } from 'grad-playground/methods';
import { auroc } from 'grad-playground/metrics';
import { bundledPath, installDawn, readDataset, readImageFile } from 'grad-playground/node';

const SIZE = 128;
const [data, weights = bundledPath('weights/mini_resnet.safetensors')] = process.argv.slice(2);
if (!data) throw new Error('usage: node main.mjs DATA [WEIGHTS]');

await installDawn();
await startBackend(await requestGpu());
const [architecture] = /wide_resnet50_2|resnet50|resnet18|mini_resnet/.exec(weights);
const backbone = createBackbone(architecture, readSafetensors(await readFile(weights)).tensors);

/** Feature map phi [1, H, W, C] of an image of the data set. */
async function featuresOf(entry) {
  const { bytes } = await readImageFile(entry);
  const { image } = await prepareImage(new Uint8Array(await bytes.arrayBuffer()), SIZE);
  return extractFeatures(backbone, [image], false)[0];
}

const { train, test } = await readDataset(data);
const features = [];
const statistics = new FeatureStatistics();
for (const entry of train) {
  const phi = await featuresOf(entry);
  await statistics.add(phi);
  features.push(phi);
}

const [, height, width, channels] = features[0].shape;
const patchcore = methodOf('patchcore');
const model = await patchcore.fit({
  source: {
    count: features.length,
    batch: (indices) => tf.tidy(() => tf.concat(indices.map((i) => features[i]))),
  },
  shape: { height, width, channels },
  sigma: statistics.sigma,
  options: { ...patchcore.optionsFrom(defaultsOf(patchcore.about.rows)), coresetLimit: 1000 },
  seed: 0,
  batch: 4,
  control: new TrainControl(),
  report: () => {},
});
tf.dispose(features);

const scores = [];
for (const entry of test) {
  const phi = await featuresOf(entry);
  const numbers = tf.tidy(() => {
    const trained = { model, statistics: { sigma: statistics.sigma, channels: null } };
    return withFiniteCheck(answer(trained, phi, { size: SIZE, smooth: 'gauss', refine: false }));
  });
  const [{ score }] = await readFiniteScores(numbers, [entry.path]);
  scores.push(score);
  tf.dispose([phi, numbers]);
}
const labels = test.map(({ label }) => label);
console.log(JSON.stringify({ images: scores.length, image_auroc: auroc(scores, labels) }));
process.exit(0);
