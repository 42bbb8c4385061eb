// The engine's side of the comparison, built by `npm start` here (vite build --ssr): what main.mjs needs of the
// sources, under one roof. Nothing else imports it.
import { createBackbone } from '../../src/backbones/registry';
import { neededTensors } from '../../src/backbones/plan';
import { syntheticWeights } from '../../src/backbones/syntheticWeights';
import { defaultTaps, planOf } from '../../src/backbones/table';
import { startBackend } from '../../src/gpu/backend';
import { requestGpu } from '../../src/gpu/device';
import { installDawn } from '../../src/gpu/node';
import { tf } from '../../src/gpu/tf';

export { createBackbone, defaultTaps, neededTensors, planOf, syntheticWeights, tf };

/** Opens the adapter that Dawn finds and puts tfjs on it. @returns what it calls itself */
export async function openGpu(): Promise<string> {
  await installDawn();
  const gpu = await requestGpu();
  const { adapterInfo } = gpu;
  await startBackend(gpu);
  return `${adapterInfo.vendor} ${adapterInfo.architecture} ${adapterInfo.description}`.trim();
}
