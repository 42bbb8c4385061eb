// How the page learns that the worker has ended, whoever ended it: nothing is sent for that, but a lock that it held is
// freed by the browser, at once, and only then. A worker that is busy for minutes still holds it.

/** The part of `navigator.locks` that is needed. */
type Locks = Pick<LockManager, 'request'>;

/** Takes a lock for as long as this thread lives and tells its name. Without the interface nothing happens. */
export function holdLifeline(tell: (name: string) => void, locks = locksHere()): void {
  const name = `grad-playground:engine:${crypto.randomUUID()}`;
  ask(locks, name, () => {
    tell(name);
    return new Promise(() => undefined);
  });
}

/** Calls `onEnd` when the thread that holds the lock is gone. */
export function watchLifeline(name: string, onEnd: () => void, locks = locksHere()): void {
  ask(locks, name, onEnd);
}

function ask(locks: Locks | undefined, name: string, granted: () => void | Promise<void>): void {
  // Some pages may not use locks; the pulse remains.
  try {
    void locks?.request(name, granted).catch(() => undefined);
  } catch {
    return;
  }
}

const locksHere = (): Locks | undefined => {
  try {
    return globalThis.navigator?.locks as LockManager | undefined;
  } catch {
    return undefined;
  }
};
