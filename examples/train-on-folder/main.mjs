// Trains both grids on the normal images of a folder and writes an anomaly map for each test image, in Node:
//   node main.mjs DATA OUT [EPOCHS]
// DATA is laid out as MVTec AD and many others are; OUT gets one .npy of float32 [S, S] a test image, and scores.json.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { presetParams } from 'grad-playground/engine';
import { writeNpy } from 'grad-playground/formats';
import { bundledPath, openNodeEngine, readDataset, readImageFile } from 'grad-playground/node';

const [data, out, epochs = '2'] = process.argv.slice(2);
if (!data || !out) throw new Error('usage: node main.mjs DATA OUT [EPOCHS]');

const dataset = await readDataset(data);
const engine = await openNodeEngine();
await engine.open({ probe: false });
const weights = await readFile(bundledPath('weights/mini_resnet.safetensors'));
await engine.loadBackbone({ name: 'mini_resnet.safetensors', bytes: new Uint8Array(weights).buffer });
await engine.configure({ ...presetParams('demo'), inputSize: 64, epochs1: +epochs, epochs2: +epochs });
await engine.addImages(
  await Promise.all([...dataset.train, ...dataset.test].map((image) => readImageFile(image))),
);

const { losses } = await engine.train();
const { images, metrics } = await engine.scoreAll({ smooth: 'gauss', refine: true });

await mkdir(out, { recursive: true });
for (const [index, { path }] of dataset.test.entries()) {
  const map = await engine.readMap({ image: path, map: 'fused', smooth: 'gauss', refine: true });
  await writeFile(join(out, `${index}.npy`), writeNpy(map.values, [map.height, map.width]));
}
const scores = images.filter(({ id }) => dataset.test.some(({ path }) => path === id));
await writeFile(join(out, 'scores.json'), JSON.stringify(scores, null, 2));
console.log(JSON.stringify({ steps: losses[1].length + losses[2].length, ...metrics }));
process.exit(0);
