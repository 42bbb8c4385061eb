// The fake engine's backbones: three of them, a download that takes a second, a cache of names.
import type { BackboneOffer, EngineEvent, KeptWeights } from '../engine/api/types';
import { ReportedError } from '../lib/errors';
import { wait } from './mockParts';

const STEPS = 5;
const BYTES = 2.4e6;
const STAGES = ['layer1', 'layer2', 'layer3'];

export class MockWeights {
  readonly #kept = new Set<string>();
  #cancelled = false;

  constructor(private readonly emit: (event: EngineEvent) => void) {}

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  offers(here: readonly string[], wanted: string | null, wish = 'standard'): BackboneOffer[] {
    const ids = [...new Set(['mini_resnet', 'mobilenetv2_100', 'resnet18', 'efficientnet_b6', wanted])];
    return ids
      .filter((id) => id !== null)
      .map((id): BackboneOffer => {
        const published = id === 'efficientnet_b6' ? null : `${id}.mock_in1k`;
        const source = here.includes(id) ? 'here' : this.has(id) ? 'kept' : published ? 'hub' : 'file';
        const cost = {
          parameters: 6e5,
          macs: 3e8,
          bytes: BYTES,
          fileBytes: published === null ? null : 6 * BYTES,
        };
        const stages = STAGES.map((name, s) => ({ name, stride: 4 << s, channels: 32 << s }));
        const taps = wish.split(',').every((name) => STAGES.includes(name)) ? wish : 'standard';
        return {
          id,
          published,
          pinned: false,
          standard: ['layer2', 'layer3'],
          licence: 'apache-2.0',
          source,
          stages,
          taps,
          ...cost,
        };
      });
  }

  /** @throws HubNotFound for every hub that has "missing" in its name */
  async download(id: string, hub = ''): Promise<void> {
    this.#cancelled = false;
    for (let step = 0; step <= STEPS; step++) {
      await wait(20);
      if (hub.includes('missing')) throw failure('HubNotFound', `There is no file at ${hub} (404).`);
      if (this.#cancelled) throw failure('DownloadCancelled', 'The download was cancelled.');
      const doneBytes = (BYTES * step) / STEPS;
      this.emit({ kind: 'download', id, phase: 'tensors', doneBytes, totalBytes: BYTES });
    }
    this.#kept.add(id);
  }

  cancel(): void {
    this.#cancelled = true;
  }

  list(): KeptWeights[] {
    return [...this.#kept].map((id) => ({ id, bytes: BYTES, from: ['hub'] }));
  }

  clear(): void {
    this.#kept.clear();
  }
}

const failure = (name: string, message: string) =>
  new ReportedError({ name, message, remedy: 'Check the address, or load a file.' });
