// The service worker: keeps everything this page ships for use without a network, and counts what is sent. The list of
// files is written in when building (scripts/offline.ts). Nothing else is ever kept: no answers of the Hub, no user data.
// A new version waits until the visitor asks for it, or until the last tab of the old one is gone.
export {};

declare const self: ServiceWorkerGlobalScope;
/** Path within the page's folder and the beginning of the file's SHA-256, in hexadecimal. */
declare const __FILES__: readonly (readonly [path: string, hash: string])[];
declare const __VERSION__: string;

const { scope } = self.registration;
/** Other copies of this page may live on the same host. */
const PREFIX = `grad-playground ${new URL(scope).pathname} `;
const CACHE = PREFIX + __VERSION__;
const AT_ONCE = 8;
const hashes = new Map(__FILES__);

/** The hash stands in the key: a file that is the same in two versions is fetched once. */
const keyOf = (path: string) => new URL(`${path}?${hashes.get(path)}`, scope).href;

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

/** All files or none: half a version would be no version. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const paths = [...hashes.keys()];
  const next = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      await cache.put(keyOf(path), (await caches.match(keyOf(path))) ?? (await load(path)));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** A file of this very version: a host in the middle of an update may answer with another's. */
async function load(path: string): Promise<Response> {
  const response = await fetch(new URL(path, scope), { cache: 'no-cache' });
  if (!response.ok || response.redirected) throw new Error(`${path}: status ${response.status}`);
  // Hosts may add to a page; that it fits is seen by the files it names.
  if (path !== '' && (await hashOf(response.clone())) !== hashes.get(path))
    throw new Error(`${path} differs`);
  return response;
}

async function hashOf(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  event.waitUntil(count(event.request));
  const path = pathOf(event.request);
  if (path !== null) event.respondWith(answer(path, event.request));
});

/** The file that a request is for; null for everything that is not this page's own. */
function pathOf({ method, url }: Request): string | null {
  if (method !== 'GET' || !url.startsWith(scope)) return null;
  const path = decodeURIComponent(new URL(url).pathname.slice(new URL(scope).pathname.length));
  return hashes.has(path) ? path : path === 'index.html' ? '' : null;
}

const answer = async (path: string, request: Request): Promise<Response> =>
  (await caches.match(keyOf(path), { cacheName: CACHE })) ?? fetch(request);

/** Tells the pages of every byte that goes out in a request's body, and of every request to another host. */
async function count(request: Request): Promise<void> {
  const { origin, host } = new URL(request.url);
  const empty = request.method === 'GET' || request.method === 'HEAD';
  const bytes = empty ? 0 : (await request.clone().arrayBuffer()).byteLength;
  const foreign = origin === self.location.origin ? null : host;
  if (bytes === 0 && foreign === null) return;
  const pages = await self.clients.matchAll({ type: 'window' });
  pages.forEach((page) => page.postMessage({ kind: 'sent', bytes, foreign }));
}

/** A new version takes the place of the old one only where no other tab is at work with it. */
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(considerTakingOver(event.source));
});

async function considerTakingOver(asking: Client | ServiceWorker | MessagePort | null): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1) asking?.postMessage({ kind: 'other-tabs', count: pages.length - 1 });
  else await self.skipWaiting();
}
