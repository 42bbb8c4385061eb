// Reads losses back from the GPU without holding it up: losses of several steps come in one read, and a read is
// awaited only when the next one is due. That wait is also the back-pressure that keeps the GPU's queue short.
import { tf } from '../gpu/tf';

const MOST_UNREAD = 8;
const MOST_MILLISECONDS = 100;

export class LossReader {
  #unread: tf.Scalar[] = [];
  #reading: Promise<number[]> | null = null;
  #lastRead = performance.now();

  /** Takes over the loss of one step. */
  push(loss: tf.Scalar): void {
    this.#unread.push(loss);
  }

  /** Losses that have arrived since the last call, oldest first; empty while nothing is due. */
  async poll(): Promise<number[]> {
    const due = performance.now() - this.#lastRead >= MOST_MILLISECONDS;
    if (this.#unread.length === 0 || (!due && this.#unread.length < MOST_UNREAD)) return [];
    const arrived = this.#reading ?? Promise.resolve([]);
    this.#reading = this.#read();
    return arrived;
  }

  /** All losses not handed out yet. */
  async drain(): Promise<number[]> {
    const arrived = await (this.#reading ?? []);
    this.#reading = null;
    return [...arrived, ...(this.#unread.length > 0 ? await this.#read() : [])];
  }

  /** Gives up what was not read; waits for a read under way, which still holds its tensor. */
  async dispose(): Promise<void> {
    tf.dispose(this.#unread.splice(0));
    // A read that fails now (the device is lost, say) has no one left to tell.
    await this.#reading?.catch(() => {});
  }

  async #read(): Promise<number[]> {
    this.#lastRead = performance.now();
    const losses = this.#unread.splice(0);
    const stacked = tf.stack(losses);
    tf.dispose(losses);
    try {
      return Array.from(await stacked.data());
    } finally {
      stacked.dispose();
    }
  }
}
