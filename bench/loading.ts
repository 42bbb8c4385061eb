// Bytes fetched and memory taken while B6 is loaded from a local Hub: `npm run bench:loading`, or a transformer:
// `npm run bench:loading -- vit_small_patch14_dinov2`. The server runs in a
// process of its own, so that its file does not count.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { loadFromHub } from '../src/lib/backbones/hub';
import { MemoryCache } from '../src/lib/backbones/hub/cache';
import { neededTensors } from '../src/lib/backbones/plan';
import { createBackbone } from '../src/lib/backbones/registry';
import { wholePlan } from '../src/lib/backbones/table';
import { memory, settle, startBackend } from '../src/lib/gpu/backend';
import { requestGpu } from '../src/lib/gpu/device';
import { installDawn } from '../src/lib/gpu/node';
import { startHubServer } from '../src/testing/hubServer';
import { B6, fileOf, wholeFile } from '../src/testing/wholeFile';

const DEFAULT = 'tf_efficientnet_b6';
const ID = process.argv[2] ?? DEFAULT;
const SIZE = ID === DEFAULT ? 256 : 448;
const SAMPLE_MS = 5;

async function serve(): Promise<void> {
  const { url } = await startHubServer(ID === DEFAULT ? wholeFile(B6) : fileOf(neededTensors(wholePlan(ID))));
  process.send!(url);
}

async function measure(): Promise<void> {
  const server = fork(import.meta.filename, [ID]);
  const [url] = (await once(server, 'message')) as [string];
  await installDawn();
  await startBackend(await requestGpu());
  globalThis.gc?.();
  const watch = new MemoryWatch();
  const start = performance.now();
  const { tensors, received, fileBytes } = await loadFromHub(ID, { cache: new MemoryCache(), baseUrl: url });
  const fetched = watch.peak();
  const backbone = createBackbone(ID, tensors);
  await settle();
  const uploaded = watch.peak();
  await backbone.warmUp(SIZE);
  const rows = {
    'fetched, MB': received / 1e6,
    'whole file, MB': fileBytes! / 1e6,
    'fetched, percent': (100 * received) / fileBytes!,
    'requests’ and upload’s seconds': (performance.now() - start) / 1000,
    'array buffers at most, fetching, MB': fetched.arrayBuffers / 1e6,
    'array buffers at most, uploading, MB': uploaded.arrayBuffers / 1e6,
    'process at most above start, fetching, MB': fetched.rss / 1e6,
    'process at most above start, uploading, MB': uploaded.rss / 1e6,
    'GPU, weights and one image, MB': memory().gpuBytes / 1e6,
  };
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(44)}${value.toFixed(1)}`);
  server.kill();
  process.exit(0);
}

/** The largest values seen since the last question, above those at the start. */
class MemoryWatch {
  readonly #start = process.memoryUsage();
  #rss = 0;
  #arrayBuffers = 0;

  constructor() {
    setInterval(() => this.#look(), SAMPLE_MS);
  }

  peak(): { rss: number; arrayBuffers: number } {
    this.#look();
    const seen = {
      rss: this.#rss - this.#start.rss,
      arrayBuffers: this.#arrayBuffers - this.#start.arrayBuffers,
    };
    this.#rss = this.#arrayBuffers = 0;
    return seen;
  }

  #look(): void {
    const { rss, arrayBuffers } = process.memoryUsage();
    this.#rss = Math.max(this.#rss, rss);
    this.#arrayBuffers = Math.max(this.#arrayBuffers, arrayBuffers);
  }
}

// At the end: the class above exists only once it was read.
if (process.send) await serve();
else await measure();
