// Entry of `npm run demo:result -- SET`: trains the demo preset on a bundled set and stores what the page shows at
// first view, before anything runs: scores, maps, curves, and the model with which the block answers at once.
import { join } from 'node:path';
import { createLocalEngine } from '../../src/engine/local';
import type { ScoreTable, TrainReport } from '../../src/engine/api/types';
import { installDawn } from '../../src/lib/gpu/node';
import { presetParams } from '../../src/settings/presets';
import { findBackbone } from '../../src/cli/backbone';
import { readDataset, type DatasetImage } from '../../src/cli/data/dataset';
import { readBytes, writeBytes } from '../../src/cli/data/files';
import { bundledPath } from '../../src/cli/root';
import { addImages, configure, trainModel } from '../../src/cli/steps';
import { processTerminal } from '../../src/cli/output/terminal';
import { Workbench } from '../../src/cli/bench/workbench';

/** Samples per side of a stored map: the smoothed map carries no finer detail, and it is a seventh of the bytes. */
const STORED_SIDE = 48;

async function storeResult(set: string): Promise<void> {
  const folder = bundledPath(`demo/${set}`);
  const params = { ...presetParams('demo'), dataset: set };
  const dataset = await readDataset(folder, { trainLimit: null, testLimit: null, seed: params.seed });
  await installDawn({ software: true });
  const engine = createLocalEngine({ readBundled: (path) => readBytes(bundledPath(path)) });
  const workbench = await Workbench.start(async () => engine, processTerminal(), dataset.notices);
  const adapter = await workbench.open();
  await configure(workbench, params, await findBackbone(params.backbone));
  const { taken } = await addImages(workbench, [...dataset.train, ...dataset.test]);
  const training = await trainModel(workbench);
  const table = await workbench.call('scoreAll', { smooth: params.smooth, refine: params.refine });
  const maps = await storedMaps(workbench, taken);
  const result = {
    ...describe(table, training),
    config: params,
    adapter: adapter.description,
    maps: taken.map(({ path }) => path),
  };
  await writeBytes(join(folder, 'result.json'), `${JSON.stringify(result)}\n`);
  await writeBytes(join(folder, 'maps.bin'), new Uint8Array(maps.buffer));
  await writeBytes(
    join(folder, 'model.safetensors'),
    new Uint8Array(await workbench.call('saveModel', undefined)),
  );
  workbench.progress.clear();
  console.log(
    `${set}: ${JSON.stringify(table.metrics)}, ${training.seconds.toFixed(1)} s on ${adapter.description}`,
  );
}

function describe({ images, metrics, threshold, ranges }: ScoreTable, { losses, fusionValue }: TrainReport) {
  return {
    schema: 1,
    height: STORED_SIDE,
    width: STORED_SIDE,
    threshold: threshold?.value ?? null,
    ranges,
    scores: Object.fromEntries(images.map(({ id, score }) => [id, score])),
    metrics,
    losses,
    fusionValue,
  };
}

/** The fused maps of all images, one after the other. */
async function storedMaps(
  workbench: Workbench,
  images: readonly DatasetImage[],
): Promise<Float32Array<ArrayBuffer>> {
  const stored = new Float32Array(images.length * STORED_SIDE ** 2);
  const { smooth, refine } = presetParams('demo');
  for (const [i, { path }] of images.entries()) {
    const { values, width, height } = await workbench.call('readMap', {
      image: path,
      map: 'fused',
      smooth,
      refine,
    });
    for (let y = 0; y < STORED_SIDE; y++) {
      for (let x = 0; x < STORED_SIDE; x++) {
        const value = values[nearest(y, height) * width + nearest(x, width)]!;
        stored[(i * STORED_SIDE + y) * STORED_SIDE + x] = value;
      }
    }
  }
  return stored;
}

/** The sample of the whole map that lies where stored sample `i` will be painted (corners on corners). */
const nearest = (i: number, side: number): number => Math.round((i * (side - 1)) / (STORED_SIDE - 1));

const sets = process.argv.slice(2);
for (const set of sets.length > 0 ? sets : [presetParams('demo').dataset]) await storeResult(set);
// A live GPU device would keep the process running.
process.exit(0);
