// The built page on a server of the test's own, below a sub-path, whose service worker can be exchanged for another version:
// what a visitor meets when the page is published anew.
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const FOLDER = '/some/place/';
export const NEXT_VERSION = '0123456789abcdef';

export class StaticSite {
  #renewed = false;
  readonly #server: Server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    void this.#read(path).then(
      (body) => {
        const type = TYPES[extname(path) || '.html'] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
      },
      () => response.writeHead(404).end(),
    );
  });

  async #read(path: string): Promise<Buffer | string> {
    if (!path.startsWith(FOLDER)) throw new Error(path);
    const file = normalize(path.slice(FOLDER.length)) || 'index.html';
    const body = await readFile(join('dist', file === '.' || file === './' ? 'index.html' : file));
    return file === 'sw.js' && this.#renewed
      ? String(body).replace(/\+"[0-9a-f]{16}"/, `+"${NEXT_VERSION}"`)
      : body;
  }

  /** Publishes the same page as another version. */
  renew(): void {
    this.#renewed = true;
  }

  /** @returns the page's address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}${FOLDER}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
