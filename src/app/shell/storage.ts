// localStorage and sessionStorage behind a door that never throws: private windows and full disks refuse both,
// and nothing kept here is worth an error.

export function readStored(area: 'local' | 'session', key: string): string | null {
  try {
    return storage(area).getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Stores a value; null removes it. */
export function writeStored(area: 'local' | 'session', key: string, value: string | null): void {
  try {
    if (value === null) storage(area).removeItem(PREFIX + key);
    else storage(area).setItem(PREFIX + key, value);
  } catch {
    // Nothing depends on it.
  }
}

/** Removes everything of this page's. */
export function forgetStored(): void {
  for (const area of ['local', 'session'] as const) {
    try {
      const kept = storage(area);
      const mine = Array.from({ length: kept.length }, (_, i) => kept.key(i)!).filter((key) =>
        key.startsWith(PREFIX),
      );
      mine.forEach((key) => kept.removeItem(key));
    } catch {
      // Refused storage holds nothing.
    }
  }
}

// Other pages of the same host share the storage.
const PREFIX = 'grad-playground:';
const storage = (area: 'local' | 'session') => (area === 'local' ? localStorage : sessionStorage);
