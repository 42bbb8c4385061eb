// What Node programs import as `grad-playground/node`: WebGPU from Dawn, the files that ship with the package, an engine
// like that of the command line, and data sets from a folder or an archive.
import { totalmem } from 'node:os';
import { createLocalEngine, type LocalEngineOptions } from '../engine/local';
import type { AdapterChoice } from '../engine/adapter/gpuSession';
import type { Engine } from '../engine/api/types';
import { FolderCache } from '../lib/backbones/hub/folderCache';
import { installDawn } from '../lib/gpu/node';
import { readBytes } from './data/files';
import { openScratchFile } from './data/scratchFile';
import { bundledPath, cacheFolder } from './root';

export { installDawn, type DawnOptions } from '../lib/gpu/node';
export { readDataset, readImageFile, type Dataset, type DatasetImage, type Limits } from './data/dataset';
export { bundledPath } from './root';

/**
 * An engine in this process, on Node's WebGPU or, where that finds no adapter, on the processor: bundled files from the package, downloaded weights kept in the user's
 * folder, features that find no room in memory in a scratch file. Call `open`, then `configure`, before anything else; a
 * live device keeps the process running, so `close` it or exit.
 * @throws AdapterMissing (by `open`) when no driver is found and `adapter` is `gpu`
 */
export async function openNodeEngine(options: LocalEngineOptions = {}): Promise<Engine> {
  const { adapter = 'auto' } = options;
  // Without Dawn there is no WebGPU, which the engine says itself, or does without.
  if (adapter !== 'cpu') await installDawn().catch((error: unknown) => ifNeeded(adapter, error));
  return createLocalEngine({
    readBundled: (path) => readBytes(bundledPath(path)),
    openCache: async () => new FolderCache(cacheFolder()),
    openScratch: openScratchFile,
    mainMemory: () => ({ free: process.availableMemory(), total: totalmem() }),
    ...options,
  });
}

function ifNeeded(adapter: AdapterChoice, error: unknown): void {
  if (adapter === 'gpu') throw error;
}
