// Our backbones beside onnxruntime (WebAssembly, all cores) on the same network with the same weights: largest
// difference of the feature maps, and the time of both in turn, so that a busy machine slows both. Exits with 1 when
// the maps differ by more than rounding. Usage: see README.md.
import * as ort from 'onnxruntime-web';
import { availableParallelism } from 'node:os';
import { createBackbone, defaultTaps, neededTensors, openGpu, planOf, syntheticWeights, tf } from '../../build/onnxruntime/ours.js'; // prettier-ignore
import { onnxModel } from './onnxModel.mjs';

const STANDARD = ['mini_resnet', 'mobilenetv2_100', 'efficientnet_b0', 'tf_efficientnet_b0', 'resnet18'];
const ROUNDS = 3;
/** Of the largest value of a map. Both round after some hundred layers of float32 sums in another order. */
const TOLERANCE = 1e-4;

const [size = '256', batch = '1', ...wanted] = process.argv.slice(2);
ort.env.wasm.numThreads = availableParallelism();
ort.env.logLevel = 'error';

const rows = [];
const adapter = await openGpu();
for (const id of wanted.length > 0 ? wanted : STANDARD)
  rows.push(await compare(id, Number(size), Number(batch)));
console.log(`${adapter}; onnxruntime ${ort.env.versions.common}, wasm, ${ort.env.wasm.numThreads} threads`);
console.table(rows);
process.exit(rows.every(({ difference }) => difference <= TOLERANCE) ? 0 : 1);

async function compare(id, side, count) {
  const taps = defaultTaps(id);
  const plan = planOf(id, taps);
  const weights = syntheticWeights(neededTensors(plan));
  const pixels = tf.randomUniform([count, side, side, 3], -2, 2, 'float32', 1);
  const theirs = await onnxRuntime(plan, weights, taps, pixels);
  const backbone = createBackbone(id, weights);
  const ours = () => backbone.featureMaps(pixels);
  const difference = await largestDifference(ours(), await theirs.run(), theirs.outputs);
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await timed(async () => wait(ours())));
    times.theirs.push(await timed(theirs.run));
  }
  await theirs.session.release();
  backbone.dispose();
  pixels.dispose();
  const [ms, onnxMs] = [Math.min(...times.ours), Math.min(...times.theirs)];
  return {
    id,
    side,
    batch: count,
    difference,
    ms: round(ms),
    onnxMs: round(onnxMs),
    ratio: round(ms / onnxMs),
  };
}

async function onnxRuntime(plan, weights, taps, pixels) {
  const [count, height, width] = pixels.shape;
  const shape = [count, 3, height, width];
  const { bytes, outputs } = onnxModel(plan, weights, taps, shape);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const planar = tf.tidy(() => pixels.transpose([0, 3, 1, 2]));
  const values = (await planar.data()).slice();
  planar.dispose();
  const image = new ort.Tensor('float32', values, shape);
  return { session, outputs, run: () => session.run({ image }) };
}

/** Over all maps, as a share of the largest value of each. */
async function largestDifference(maps, results, names) {
  let worst = 0;
  for (const [index, map] of maps.entries()) {
    const planar = tf.tidy(() => map.transpose([0, 3, 1, 2]));
    const [mine, other] = [await planar.data(), results[names[index]].data];
    if (mine.length !== other.length)
      throw new Error(`${names[index]}: ${mine.length} against ${other.length} values`);
    const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
    // NaN compares false with everything and must not pass.
    worst = apart / largest <= worst ? worst : apart / largest;
    tf.dispose([map, planar]);
  }
  return worst;
}

/** One element is enough to wait for all of it. */
async function wait(maps) {
  const element = tf.tidy(() => maps.at(-1).reshape([-1]).slice(0, 1));
  await element.data();
  tf.dispose([...maps, element]);
}

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function round(value) {
  return Number(value.toPrecision(3));
}
