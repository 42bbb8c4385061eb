// A plugin for the build: the service worker as `sw.js` beside the page, with the list of all that the page ships, each
// file with the beginning of its hash, and a version made of them all.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'sw.js';
/** The page does not read them. */
const FOR_READERS = /\.(md|map|txt|cdx\.json)$/;

const hashOf = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

export function offline(): Plugin {
  let publicDir = '';
  return {
    name: 'offline',
    enforce: 'post',
    apply: (_, { command, isSsrBuild }) => command === 'build' && !isSsrBuild,
    configResolved: (config) => void (publicDir = config.publicDir),
    buildStart() {
      this.emitFile({ type: 'chunk', id: resolve('src/app/serviceWorker.ts'), fileName: WORKER });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const built = Object.values(bundle)
          .filter(({ fileName }) => fileName !== WORKER)
          .map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const);
        const shipped = filesIn(publicDir).map(
          (path) => [path, readFileSync(join(publicDir, path))] as const,
        );
        const files = [...built, ...shipped]
          .filter(([path]) => !FOR_READERS.test(path))
          .map(([path, content]) => [path === 'index.html' ? '' : path, hashOf(content)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1));
        const worker = bundle[WORKER];
        if (worker?.type !== 'chunk') throw new Error('The service worker was not built.');
        const list = JSON.stringify(files);
        worker.code = worker.code
          .replace('__FILES__', () => list)
          .replace('__VERSION__', `"${hashOf(list)}"`);
      },
    },
  };
}

/** Paths of all files below a folder, with forward slashes. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
