// A minimal event source: listeners in, events out.
import type { EngineEvent } from './types';

export class Events {
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  readonly emit = (event: EngineEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
