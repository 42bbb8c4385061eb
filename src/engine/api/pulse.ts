// Asks the worker now and then whether it answers. It does so between its tasks, and a task may be long on a slow
// machine (a 64-megapixel file, figures of thousands of images): silence is therefore told, never taken for death. Time is
// counted in questions, so that a computer that slept has not been silent.

const EVERY_MS = 5_000;
/** Questions in a row without any word from the worker. */
const SILENT_AFTER = 6;

export interface PulseOptions {
  ask(): void;
  /** It has been silent for half a minute, or speaks again. */
  onSilence(silent: boolean): void;
  everyMs?: number;
}

export class Pulse {
  readonly #options: PulseOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #unanswered = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.everyMs ?? EVERY_MS);
  }

  get silent(): boolean {
    return this.#unanswered > SILENT_AFTER;
  }

  /** Any message is a sign of life. */
  heard(): void {
    const { silent } = this;
    this.#unanswered = 0;
    if (silent) this.#options.onSilence(false);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const { silent } = this;
    // One question is enough: more would only wait beside it.
    if (this.#unanswered++ === 0) this.#options.ask();
    if (this.silent && !silent) this.#options.onSilence(true);
  }
}
