// Images that were handed over and are still being decoded: whoever asks for one waits instead of being refused, and
// whoever takes one back meanwhile keeps it from coming in.
import type { ImageId } from '../api/types';

export interface Arrival {
  /** False when the image was withdrawn, or handed over anew. */
  wanted(): boolean;
  /** To be called when the image is here or was refused. */
  end(): void;
}

export class Arrivals {
  readonly #pending = new Map<ImageId, Promise<void>>();

  /** Says that an image is on its way. */
  announce(id: ImageId): Arrival {
    let arrived = () => {};
    const pending = new Promise<void>((resolve) => (arrived = resolve));
    this.#pending.set(id, pending);
    const wanted = () => this.#pending.get(id) === pending;
    return {
      wanted,
      end: () => {
        if (wanted()) this.#pending.delete(id);
        arrived();
      },
    };
  }

  /** Takes images back that are still on their way. */
  withdraw(ids: readonly ImageId[]): void {
    ids.forEach((id) => this.#pending.delete(id));
  }

  /** Resolves when nothing is known to be on its way under this id any more. */
  async of(id: ImageId): Promise<void> {
    await this.#pending.get(id);
  }
}
