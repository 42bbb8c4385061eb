// The engine's side of the comparison, built by `npm start` here (vite build --ssr): what main.mjs needs of the
// sources, under one roof. Nothing else imports it.
import { createBackbone } from '../../src/lib/backbones/registry';
import { neededTensors } from '../../src/lib/backbones/plan';
import { syntheticWeights } from '../../src/lib/backbones/syntheticWeights';
import { defaultTaps, planOf } from '../../src/lib/backbones/table';
import { startBackend } from '../../src/lib/gpu/backend';
import { requestGpu } from '../../src/lib/gpu/device';
import { installDawn } from '../../src/lib/gpu/node';
import { tf } from '../../src/lib/gpu/tf';

export { createBackbone, defaultTaps, neededTensors, planOf, syntheticWeights, tf };

/** Opens the adapter that Dawn finds and puts tfjs on it. @returns what it calls itself */
export async function openGpu(): Promise<string> {
  await installDawn();
  const gpu = await requestGpu();
  const { adapterInfo } = gpu;
  await startBackend(gpu);
  return `${adapterInfo.vendor} ${adapterInfo.architecture} ${adapterInfo.description}`.trim();
}
