// The engine in process: each room offers its part of the interface, here they become one. The worker serves it to the
// page, the command line calls it directly. What concerns all rooms is here too: opening, closing, a lost device.
import { toReport } from '../lib/errors';
import { forgetTensors, memory } from '../lib/gpu/backend';
import { DeviceLost } from '../lib/gpu/errors';
import { EngineLost, UnsteadyAdapter } from './api/errors';
import { faults } from '../lib/gpu/faults';
import { stopProcessor } from '../lib/gpu/processor';
import { BUDGETS, type Budgets } from './adapter/budgets';
import { GpuSession, type AdapterChoice } from './adapter/gpuSession';
import type { MainMemory } from './adapter/memoryRoom';
import { reportAdapter } from './adapter/probe';
import { AnswerRoom } from './answers';
import { FeatureRoom } from './features';
import { fetchBundled } from './features/backboneStore';
import type { OpenScratch } from './features/featureDisk';
import type { HubDownloadOptions } from './features/hubDownload';
import { ModelRoom } from './models';
import { TrainingRoom } from './training';
import type { Engine, EngineCalls, EngineEvent } from './api/types';

export interface LocalEngineOptions extends Omit<HubDownloadOptions, 'emit'> {
  /** Reads a file that ships with the program (path relative to its base). Default: fetch from the page's base. */
  readBundled?: (path: string, baseUrl: string | undefined) => Promise<ArrayBuffer>;
  /** A file for feature maps that find no room in memory. Default: none, and they are computed again. */
  openScratch?: OpenScratch;
  /** What to compute on. Default: `auto`, the processor where there is no WebGPU or only a slower software adapter. */
  adapter?: AdapterChoice;
  /** What is known of the machine's memory. Default: what a browser says. */
  mainMemory?: () => MainMemory;
  /** In place of the usual ones. */
  budgets?: Partial<Budgets>;
}

/** An engine in this thread. Call `open`, then `configure`, before anything else. */
export function createLocalEngine(options: LocalEngineOptions = {}): Engine {
  return new LocalEngine(options).engine;
}

type Listener = Parameters<Engine['subscribe']>[0];

class LocalEngine {
  readonly #listeners = new Set<Listener>();
  readonly #gpu: GpuSession;
  readonly #features: FeatureRoom;
  readonly #models = new ModelRoom();
  readonly #training: TrainingRoom;
  readonly #answers: AnswerRoom;
  /** Where bundled files lie. */
  #baseUrl: string | undefined;

  constructor(options: LocalEngineOptions) {
    const { readBundled = fetchBundled, openScratch, adapter, budgets: other, ...hub } = options;
    const budgets = { ...BUDGETS, ...other };
    const emit = this.#emit;
    const gpu = (this.#gpu = new GpuSession({
      ...(adapter && { adapter }),
      onLost: () => this.#onLost(),
      onReopened: (reopened, reason) => this.#onReopened(reopened, reason),
    }));
    const features = (this.#features = new FeatureRoom({
      ...hub,
      gpu,
      budgets,
      emit,
      readBundled: (path) => readBundled(path, this.#baseUrl),
      openScratch: openScratch ?? (async () => null),
      onRestart: () => this.#answers.forget(),
    }));
    const models = this.#models;
    this.#training = new TrainingRoom({ features, models, gpu, budgets, emit });
    const inTraining = () => this.#training.state;
    this.#answers = new AnswerRoom({ features, models, inTraining, gpu, budgets, emit });
    faults.subscribe((fault) => {
      this.#training.fail(fault);
      // A loss has its own event, once it is known whether the device came back.
      if (!(fault instanceof DeviceLost)) emit({ kind: 'fault', error: toReport(fault) });
    });
  }

  /** All calls of all rooms. */
  get engine(): Engine {
    return {
      ...this.#features.calls,
      ...this.#models.calls,
      ...this.#training.calls,
      ...this.#answers.calls,
      ...this.#calls,
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
    };
  }

  readonly #calls: EngineCalls<'open' | 'memory' | 'close' | 'loadModel'> = {
    loadModel: async (file) => {
      await this.#gpu.throughLosses(() => this.#models.trained.load(file));
      this.#features.adoptRange(this.#models.trained.state!.features.range);
    },
    open: async ({ probe, baseUrl, hub, without }) => {
      this.#baseUrl = baseUrl;
      this.#features.useHub(hub);
      const gpu = this.#gpu.isOpen ? this.#gpu.gpu : await this.#gpu.open(without && new UnsteadyAdapter());
      return reportAdapter(gpu, { probe, featuresOnProcessor: this.#gpu.featuresOnProcessor });
    },
    memory: async () => ({ ...memory(), features: this.#features.store.tiers }),
    close: async () => {
      this.#training.stop();
      await this.#features.disk.close();
      this.#answers.close();
      this.#gpu.close();
    },
  };

  readonly #emit = (event: EngineEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };

  #onLost(): void {
    // Its tensors are forgotten with those of the device; the next one starts it anew.
    stopProcessor();
    forgetTensors();
    this.#features.suspend();
    this.#models.stashed.abandon();
    this.#answers.suspend();
  }

  async #onReopened(reopened: boolean, reason: string): Promise<boolean> {
    const { losses, recentLosses: recent } = this.#gpu;
    // Filling fails when the new device is lost too, which has its own recovery, or has too little memory.
    const recovered =
      reopened &&
      (await this.#refill().then(
        () => true,
        () => false,
      ));
    if (!recovered && (await this.#gpu.lostSince(losses))) return false;
    if (!recovered) this.#features.store.giveUp(new EngineLost(reason));
    this.#emit({ kind: 'lost', reason, recovered, recent });
    return recovered;
  }

  /** Everything that lived on the lost device, built again from what main memory has. */
  async #refill(): Promise<void> {
    await this.#features.refill();
    this.#answers.refill();
    await this.#models.trained.refill();
  }
}
