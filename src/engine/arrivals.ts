// Images that were handed over and are still being decoded: whoever asks for one waits instead of being refused.
import type { ImageId } from './types';

export class Arrivals {
  readonly #pending = new Map<ImageId, Promise<void>>();

  /** Says that an image is on its way; call the returned function when it is here or was refused. */
  announce(id: ImageId): () => void {
    let arrived = () => {};
    const pending = new Promise<void>((resolve) => (arrived = resolve));
    this.#pending.set(id, pending);
    return () => {
      if (this.#pending.get(id) === pending) this.#pending.delete(id);
      arrived();
    };
  }

  /** Resolves when nothing is known to be on its way under this id any more. */
  async of(id: ImageId): Promise<void> {
    await this.#pending.get(id);
  }
}
