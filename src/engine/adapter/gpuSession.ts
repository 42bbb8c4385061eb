// The engine's device over time: opened once, reopened when it is lost, and work repeated that a loss cut off. A device
// is usually lost to a driver reset, memory pressure or a crash of the browser's GPU process, and a new one works; but
// not for ever, so attempts are counted.
import { RemedyError } from '../../lib/errors';
import { startBackend, chooseDevice } from '../../lib/gpu/backend';
import { calibrate } from '../../lib/gpu/calibrate';
import { requestGpu, type Gpu } from '../../lib/gpu/device';
import { AdapterMissing, DeviceLost, GpuFault, LimitsTooLow, WebGpuMissing } from '../../lib/gpu/errors';
import { faults } from '../../lib/gpu/faults';
import { chooseProcessor, choosePlainLoops, hasSimd, startProcessor } from '../../lib/gpu/processor';
import { ScoreNotFinite } from '../../lib/scoring/finiteScores';
import { EngineLost, NotOpen, SlowAdapter, WebAssemblyMissing } from '../api/errors';

/** So many losses within the time, and the adapter counts as broken. */
const MAX_REOPENINGS = 5;
const WITHIN_MS = 10 * 60_000;
const LOSS_NEWS_MS = 50;
/** Waits before each attempt at a new device: a GPU process that crashed is some seconds in coming back. */
const ATTEMPTS_MS = [0, 250, 500, 1000, 2000, 4000];
/** Images per pass: a software adapter takes seconds a batch, and others wait for their turn. */
const BATCH = { software: 4, hardware: 16 };

/** The processor in place of a device, and why. */
export interface ProcessorTier {
  device: null;
  adapterInfo: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'description'>;
  software: true;
  /** Why it computes, and why no faster than it does; empty where it was asked for and has all it can use. */
  why: RemedyError[];
}

/** What computes. */
export type Computer = Gpu | ProcessorTier;

/** `auto`: the processor where there is no WebGPU, or only a software adapter that is slower. */
export type AdapterChoice = 'auto' | 'gpu' | 'cpu';

export interface GpuSessionOptions {
  /** Called when the device is lost, before a new one is asked for. */
  onLost(): void;
  /** Called when a new device is there (true) or none could be had (false). Says whether work can go on. */
  onReopened(reopened: boolean, reason: string): Promise<boolean>;
  /** What to compute on. Default: `auto`. */
  adapter?: AdapterChoice;
  /** Opens a device and starts tfjs on it. Default: the adapter that WebGPU finds. */
  openDevice?(): Promise<Gpu>;
  /** Starts what runs frozen networks where the adapter is a software one; says whether it runs. Default: WebAssembly. */
  startProcessor?(): Promise<boolean>;
  wait?(ms: number): Promise<void>;
}

export class GpuSession {
  readonly #options: Required<GpuSessionOptions>;
  #gpu: Computer | null = null;
  #featuresOnProcessor = false;
  #losses = 0;
  /** When the last of them were, and why the last was. */
  #recent: number[] = [];
  #reason = '';
  #closed = false;
  /** While a new device is asked for and filled. */
  #recovery: Promise<void> | null = null;
  /** No device will come any more. */
  #over = false;

  constructor(options: GpuSessionOptions) {
    this.#options = { adapter: 'auto', openDevice: openUsual, startProcessor, wait: pause, ...options };
  }

  /** @throws NotOpen, EngineLost */
  get gpu(): Computer {
    if (this.#gpu) return this.#gpu;
    throw this.#losses > 0 ? new EngineLost(this.#reason) : new NotOpen();
  }

  get isOpen(): boolean {
    return this.#gpu !== null;
  }

  /** Images per pass. @throws NotOpen, EngineLost */
  get batch(): number {
    return this.gpu.software ? BATCH.software : BATCH.hardware;
  }

  /** Whether frozen networks run on the processor itself: where the adapter computes there too, but more slowly. */
  get featuresOnProcessor(): boolean {
    return this.#featuresOnProcessor;
  }

  /**
   * What is there to compute on, by the choice that was made.
   * @param unsteady why no adapter is to be asked for, if so
   * @throws WebGpuMissing, AdapterMissing, LimitsTooLow where it is to be a GPU
   */
  async open(unsteady: RemedyError | null = null): Promise<Computer> {
    const { adapter } = this.#options;
    const none = adapter === 'cpu' || unsteady;
    const device = none ? unsteady : await this.#openDevice(adapter === 'auto');
    if (device && 'device' in device) return this.#watch(device);
    const why = device ? [device] : [];
    this.#featuresOnProcessor = await this.#options.startProcessor();
    if (this.#featuresOnProcessor) await chooseProcessor();
    else await choosePlainLoops();
    return (this.#gpu = this.#featuresOnProcessor ? wasmTier(why) : plainTier(why));
  }

  /** @returns the device, or why it is none, in so far as `orProcessor` may be used instead */
  async #openDevice(orProcessor: boolean): Promise<Gpu | RemedyError> {
    try {
      const gpu = await this.#newDevice();
      const slower = orProcessor && this.#featuresOnProcessor ? await slowerThanProcessor() : null;
      if (slower) gpu.device.destroy();
      return slower ?? gpu;
    } catch (error) {
      const none =
        error instanceof WebGpuMissing || error instanceof AdapterMissing || error instanceof LimitsTooLow;
      if (none && orProcessor) return error;
      throw error;
    }
  }

  /** @throws WebGpuMissing, AdapterMissing, LimitsTooLow */
  async #newDevice(): Promise<Gpu> {
    const gpu = await this.#options.openDevice();
    this.#featuresOnProcessor = gpu.software && (await this.#options.startProcessor());
    return gpu;
  }

  #watch(gpu: Gpu): Gpu {
    this.#gpu = gpu;
    void gpu.device.lost.then((info) => {
      if (this.#closed) return;
      this.#losses++;
      this.#gpu = null;
      const recovery = this.#recover(info.message || info.reason).then((goesOn) => {
        // Lost again meanwhile: that loss has the last word.
        if (this.#recovery !== recovery) return;
        this.#recovery = null;
        this.#over = !goesOn;
      });
      this.#recovery = recovery;
    });
    return gpu;
  }

  /** How often the device was lost so far. */
  get losses(): number {
    return this.#losses;
  }

  /** How many of them within ten minutes, as of the last. */
  get recentLosses(): number {
    return this.#recent.length;
  }

  /** After a failure that a loss may have caused: whether the device was lost since `losses` was `before`. */
  async lostSince(before: number): Promise<boolean> {
    // The loss reaches its own promise a little after it made some call fail.
    if (this.#losses === before) await this.#options.wait(LOSS_NEWS_MS);
    return this.#losses > before;
  }

  /** Like `lostSince`, and a new device is there. */
  async returnedSince(before: number): Promise<boolean> {
    return (await this.lostSince(before)) && (await this.#recovered());
  }

  /**
   * Work that may be done twice: it begins when there is a device, and again when that was lost under it.
   * @throws EngineLost when no device came back; what `work` throws of its own
   */
  async throughLosses<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      // Nothing may come between this and the work: a loss would look like one of before.
      while (this.#recovery) await this.#recovery;
      if (this.#over) throw new EngineLost(this.#reason);
      const before = this.#losses;
      try {
        const result = await work();
        // What was read while the device went is not to be trusted.
        if (this.#losses === before) return result;
      } catch (error) {
        if (!(await this.#causedByLoss(error, before))) throw error;
      }
    }
  }

  /**
   * Work that goes on through losses by itself, or cannot be repeated: when a loss ended it all the same, the error says so.
   * @throws EngineLost; what `work` throws of its own
   */
  async namingLosses<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#losses;
    try {
      return await work();
    } catch (error) {
      if (!mayBeLoss(error) || !(await this.lostSince(before))) throw error;
      await this.#recovered();
      throw error instanceof EngineLost ? error : new EngineLost(this.#reason);
    }
  }

  close(): void {
    this.#closed = true;
    this.#gpu?.device?.destroy();
    this.#gpu = null;
  }

  async #causedByLoss(error: unknown, before: number): Promise<boolean> {
    return this.#losses > before || (mayBeLoss(error) && (await this.lostSince(before)));
  }

  /** What has become of the last loss. */
  async #recovered(): Promise<boolean> {
    while (this.#recovery) await this.#recovery;
    return !this.#over;
  }

  async #recover(reason: string): Promise<boolean> {
    const mine = this.#losses;
    const now = performance.now();
    this.#recent = [...this.#recent.filter((time) => now - time < WITHIN_MS), now];
    this.#reason = reason;
    this.#options.onLost();
    const reopened = this.#recent.length <= MAX_REOPENINGS && (await this.#reopen());
    // What the old device reported says nothing about the new one.
    faults.drain();
    const goesOn = await this.#options.onReopened(reopened, reason);
    if (!goesOn && this.#losses === mine) this.#gpu = null;
    return goesOn;
  }

  async #reopen(): Promise<boolean> {
    for (const ms of ATTEMPTS_MS) {
      if (ms > 0) await this.#options.wait(ms);
      if (this.#closed) return false;
      try {
        this.#watch(await this.#newDevice());
        return true;
      } catch (error) {
        if (error instanceof WebGpuMissing) return false;
      }
    }
    return false;
  }
}

async function openUsual(): Promise<Gpu> {
  const gpu = await requestGpu();
  await startBackend(gpu);
  return gpu;
}

/** Measures a convolution on both. @returns why the processor is taken, or null; the current backend stays what it is */
async function slowerThanProcessor(): Promise<SlowAdapter | null> {
  const adapter = await calibrate();
  await chooseProcessor();
  const processor = await calibrate();
  await chooseDevice();
  return adapter < processor ? new SlowAdapter(adapter, processor) : null;
}

function wasmTier(why: RemedyError[]): ProcessorTier {
  const description = hasSimd() ? 'Processor (WebAssembly)' : 'Processor (WebAssembly without SIMD)';
  const adapterInfo = { vendor: '', architecture: 'wasm', description };
  return { device: null, adapterInfo, software: true, why };
}

function plainTier(why: RemedyError[]): ProcessorTier {
  const adapterInfo = { vendor: '', architecture: 'plain', description: 'Processor (plain loops)' };
  return { device: null, adapterInfo, software: true, why: [...why, new WebAssemblyMissing()] };
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** An error with a name says what it is; but on a device that is going, numbers and calls fail in many words. */
const mayBeLoss = (error: unknown): boolean =>
  !(error instanceof RemedyError) ||
  error instanceof GpuFault ||
  error instanceof DeviceLost ||
  error instanceof EngineLost ||
  error instanceof ScoreNotFinite;
