// What GRAD's readings are worth, on images with labels: trains {stage 1 on, off, shuffled} x {table, branch frozen} and the
// normal grid once a seed, reads each model with every gate and both near terms, and prints one JSON line a figure and
// the means. `npm run bench:readings -- --data DIR [--weights FILE] [--seeds 0,1,2] [--epochs 8,20] [--only on-table,normal]`
import { parseArgs } from 'node:util';
import { createLocalEngine } from '../src/engine/local';
import { findBackbone } from '../src/cli/backbone';
import { Workbench } from '../src/cli/bench/workbench';
import { readDataset } from '../src/cli/data/dataset';
import { readBytes } from '../src/cli/data/files';
import { processTerminal } from '../src/cli/output/terminal';
import { bundledPath } from '../src/cli/root';
import { addImages, configure, trainModel } from '../src/cli/steps';
import { readSafetensors, writeSafetensors } from '../src/lib/formats/safetensors';
import { presetParams } from '../src/settings/presets';
import type { Params } from '../src/settings/table';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    weights: { type: 'string', default: 'mini_resnet' },
    seeds: { type: 'string', default: '0,1,2' },
    epochs: { type: 'string', default: '6,48' },
    only: { type: 'string' },
    limit: { type: 'string' },
    adapter: { type: 'string', default: 'cpu' },
    size: { type: 'string', default: '128' },
    blocks: { type: 'string', default: '1' },
    expansion: { type: 'string', default: '1' },
  },
});

const [epochs1, epochs2] = values.epochs.split(',').map(Number) as [number, number];
const TRAINED: Record<string, Partial<Params>> = {
  normal: { method: 'normal-grid' },
  'normal-double': { method: 'normal-grid', gridWidth: 'double' },
  'on-table': {},
  'off-table': { epochs1: 0 },
  'shuffled-table': { stage1Masks: 'shuffled' },
  'on-branch': { gradFreeze: 'branch', gradCoordinates: 'copied' },
  'off-branch': { gradFreeze: 'branch', gradCoordinates: 'copied', epochs1: 0 },
  'shuffled-branch': { gradFreeze: 'branch', gradCoordinates: 'copied', stage1Masks: 'shuffled' },
  'author-like': { gradStart: 'public', contrastive: 'public', gridJitter: 'shared', gradLoss: 'after', fbpRecipe: 'per-batch' }, // prettier-ignore
  'author-like-off': { gradStart: 'public', gridJitter: 'shared', gradLoss: 'after', epochs1: 0 },
  'random-branch': { gradFreeze: 'branch', gradCoordinates: 'own', fbpDirection: 'random', fbpIntensityMin: 2, fbpIntensityMax: 3 }, // prettier-ignore
  'swap-branch': { gradFreeze: 'branch', gradCoordinates: 'own', fbpDirection: 'swap' },
};
const READ = [
  { near: 'q99', gate: 'none' },
  { near: 'raw', gate: 'none' },
  { near: 'q99', gate: 'refine' },
  { near: 'q99', gate: 'sum' },
] as const;

/** The same model, read another way. */
function reread(file: ArrayBuffer, { near, gate }: (typeof READ)[number]): ArrayBuffer {
  const { tensors, metadata } = readSafetensors(file);
  const writable = Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
  );
  const { gate: _, ...config } = JSON.parse(metadata['model']!) as { gate?: string };
  const reading = JSON.parse(metadata['reading']!) as { near: number };
  return writeSafetensors(writable, {
    ...metadata,
    model: JSON.stringify({ ...config, ...(gate !== 'none' && { gate }) }),
    reading: JSON.stringify({ ...reading, ...(near === 'raw' && { near: 10 }) }),
  });
}

async function main(): Promise<void> {
  const limit = values.limit ? Number(values.limit) : null;
  const dataset = await readDataset(values.data!, { trainLimit: limit, testLimit: null, seed: 0 });
  const engine = createLocalEngine({
    adapter: values.adapter as 'cpu',
    readBundled: (path: string) => readBytes(bundledPath(path)),
  });
  const workbench = await Workbench.start(async () => engine, processTerminal(), dataset.notices);
  await workbench.open();
  const base: Params = {
    ...presetParams('demo'),
    ...{ epochs1, epochs2, inputSize: Number(values.size), project: values.weights === 'mini_resnet' },
    ...{ blocks: Number(values.blocks), expansion: Number(values.expansion), near: 'quantile' },
  };
  const used = await configure(workbench, base, await findBackbone(values.weights));
  await addImages(workbench, [...dataset.train, ...dataset.test]);
  const { smooth, refine } = base;
  for (const seed of values.seeds.split(',').map(Number)) {
    for (const name of values.only?.split(',') ?? Object.keys(TRAINED)) {
      const both = !name.startsWith('normal');
      const wanted = { ...used, seed, ...(both && ({ gradGate: 'sum' } as const)), ...TRAINED[name] };
      await workbench.call('configure', wanted);
      const { seconds } = await trainModel(workbench);
      const file = await workbench.call('saveModel', undefined);
      for (const reading of READ.filter(({ gate }) => both || gate === 'none')) {
        await workbench.call('loadModel', reread(file, reading));
        const { metrics } = await workbench.call('scoreAll', { smooth, refine });
        const { image_auroc, pixel_auroc, pixel_ap } = metrics;
        const figures = [image_auroc, pixel_auroc, pixel_ap].map((value) =>
          Number((100 * value!).toFixed(1)),
        );
        console.log(JSON.stringify({ seed, name, ...reading, figures, seconds: Math.round(seconds) }));
      }
    }
  }
}

await main();
process.exit(0);
