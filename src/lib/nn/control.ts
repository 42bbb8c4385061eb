// How a training run is controlled from outside: paused, resumed, stepped, cancelled, or asked for a checkpoint. The
// training loop looks here between two steps. Nothing here knows a model.
import { NoCheckpoint } from './errors';

/** Gives the run's state between two steps, as a file. */
export type SaveRun = () => Promise<ArrayBuffer>;

const refuse: SaveRun = () => Promise.reject(new NoCheckpoint());

type Request = { resolve(checkpoint: ArrayBuffer): void; reject(reason: unknown): void };

export class TrainControl {
  #paused: boolean;
  #cancelled = false;
  #tellCancelled = () => {};
  /** Resolves when cancel() was called: for what has to be done before the first step. */
  readonly cancelled = new Promise<void>((resolve) => (this.#tellCancelled = resolve));
  #stepsAllowed = 0;
  #requests: Request[] = [];
  #wake = () => {};

  /** @param paused start paused, so that step() begins with the first step */
  constructor({ paused = false } = {}) {
    this.#paused = paused;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Stops before the next step, until resume(), step() or cancel(). */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#stepsAllowed = 0;
    this.#wake();
  }

  /** Runs exactly one step and is paused after it. */
  step(): void {
    this.#paused = true;
    this.#stepsAllowed++;
    this.#wake();
  }

  /** Ends the run before its next step; the model keeps what it has learned. */
  cancel(): void {
    this.#cancelled = true;
    this.#tellCancelled();
    this.#wake();
  }

  /** The state of the run under way between two steps, as a file that loads again. Rejects when the run fails. */
  checkpoint(): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      this.#wake();
    });
  }

  /**
   * For the loop: resolves when the next step may run (true) or the run is cancelled (false). Meanwhile answers
   * requests for checkpoints, since no step can change the model under them.
   * @param save by default requests are refused with NoCheckpoint
   */
  async next(save?: SaveRun): Promise<boolean> {
    for (;;) {
      await this.answer(save);
      if (this.#cancelled) return false;
      if (!this.#paused) return true;
      if (this.#stepsAllowed > 0) return this.#stepsAllowed-- > 0;
      // A request that came while others were answered has already called the old wake.
      if (this.#requests.length === 0) await new Promise<void>((wake) => (this.#wake = wake));
    }
  }

  /** For the loop: the run has failed, and so have the requests that wait. Another run may use the same control. */
  fail(reason: unknown): void {
    for (const { reject } of this.#requests.splice(0)) reject(reason);
  }

  /** For the loop: answers what was asked meanwhile, or refuses with NoCheckpoint. */
  async answer(save: SaveRun = refuse): Promise<void> {
    for (const { resolve, reject } of this.#requests.splice(0)) await save().then(resolve, reject);
  }
}
