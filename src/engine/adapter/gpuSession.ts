// The engine's device over time: opened once, reopened when it is lost. A device is usually lost to a driver reset
// or to memory pressure and a new one works; but not for ever, so attempts are counted.
import { startBackend } from '../../lib/gpu/backend';
import { requestGpu, type Gpu } from '../../lib/gpu/device';
import { faults } from '../../lib/gpu/faults';
import { NotOpen } from '../api/errors';

/** Losses after which the adapter counts as broken. */
const MAX_REOPENINGS = 3;
const LOSS_NEWS_MS = 50;
/** Images per pass: a software adapter takes seconds a batch, and others wait for their turn. */
const BATCH = { software: 4, hardware: 16 };

export interface GpuSessionOptions {
  /** Called when the device is lost, before a new one is asked for. */
  onLost(): void;
  /** Called when a new device is there (true) or none could be had (false). Says whether work can go on. */
  onReopened(reopened: boolean, reason: string): Promise<boolean>;
}

export class GpuSession {
  readonly #options: GpuSessionOptions;
  #gpu: Gpu | null = null;
  #losses = 0;
  #closed = false;
  #recovery: Promise<boolean> = Promise.resolve(true);

  constructor(options: GpuSessionOptions) {
    this.#options = options;
  }

  get gpu(): Gpu {
    if (!this.#gpu) throw new NotOpen();
    return this.#gpu;
  }

  get isOpen(): boolean {
    return this.#gpu !== null;
  }

  /** Images per pass. @throws NotOpen */
  get batch(): number {
    return this.gpu.software ? BATCH.software : BATCH.hardware;
  }

  /** @throws WebGpuMissing, AdapterMissing, LimitsTooLow */
  async open(): Promise<Gpu> {
    const gpu = await requestGpu();
    await startBackend(gpu);
    this.#gpu = gpu;
    void gpu.device.lost.then((info) => {
      if (!this.#closed) this.#recovery = this.#recover(info.message || info.reason);
    });
    return gpu;
  }

  /** How often the device was lost so far. */
  get losses(): number {
    return this.#losses;
  }

  /**
   * After a failure that a loss may have caused: whether the device was lost since `losses` was `before`, and a new
   * one is there.
   */
  async returnedSince(before: number): Promise<boolean> {
    // The loss reaches its own promise a little after it made some call fail.
    await new Promise((resolve) => setTimeout(resolve, LOSS_NEWS_MS));
    return this.#losses > before && (await this.#recovery);
  }

  close(): void {
    this.#closed = true;
    this.#gpu?.device.destroy();
    this.#gpu = null;
  }

  async #recover(reason: string): Promise<boolean> {
    this.#losses++;
    this.#gpu = null;
    this.#options.onLost();
    const reopened = this.#losses <= MAX_REOPENINGS && (await this.#reopen());
    // What the old device reported says nothing about the new one.
    faults.drain();
    return this.#options.onReopened(reopened, reason);
  }

  async #reopen(): Promise<boolean> {
    try {
      await this.open();
      return true;
    } catch {
      return false;
    }
  }
}
