// Every storage interface of a thread, refusing: as code, so that it can run before the page, in the middle of its work,
// and in a worker.

/** JavaScript that breaks them all from where it runs on. */
export const BREAK_STORAGE = `
  const refuse = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(globalThis, name, { configurable: true, get: refuse });
  for (const [type, names] of [
    [globalThis.StorageManager, ['estimate', 'persist', 'persisted', 'getDirectory']],
    [globalThis.IDBDatabase, ['transaction', 'createObjectStore']],
    [globalThis.CacheStorage, ['open', 'match', 'keys', 'delete']],
    [globalThis.LockManager, ['request']],
  ])
    for (const name of names) if (type) type.prototype[name] = refuse;`;
