// One request in flight, one waiting, the newest wins: how a slider can be dragged faster than maps are computed
// without a queue growing behind it.

interface Waiting<In, Out> {
  input: In;
  resolve(output: Out | null): void;
  reject(error: unknown): void;
}

export class NewestWins<In, Out> {
  readonly #work: (input: In) => Promise<Out>;
  #running = false;
  #waiting: Waiting<In, Out> | null = null;

  constructor(work: (input: In) => Promise<Out>) {
    this.#work = work;
  }

  /** Runs `input` when the present work is done. Resolves with null when a newer input replaced it meanwhile. */
  submit(input: In): Promise<Out | null> {
    this.#waiting?.resolve(null);
    return new Promise((resolve, reject) => {
      this.#waiting = { input, resolve, reject };
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let next = this.#take(); next; next = this.#take()) {
      await this.#work(next.input).then(next.resolve, next.reject);
    }
    this.#running = false;
  }

  #take(): Waiting<In, Out> | null {
    const next = this.#waiting;
    this.#waiting = null;
    return next;
  }
}
