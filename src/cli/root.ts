// Where the project lies, from the sources as from the built file (bundled weights are found from there), and where it
// keeps what can be had again.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const PUBLIC_FOLDER = 'public';
/** What tells the project's public folder from another one. */
const MARK = join(PUBLIC_FOLDER, 'weights');

/** The nearest folder above this file that holds the bundled weights, or the current one. */
function projectRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, MARK))) return folder;
  }
  return process.cwd();
}

/** A file that ships with the project, by its path below `public`. */
export const bundledPath = (path: string) => join(projectRoot(), PUBLIC_FOLDER, path);

/** For downloaded weights and known digests: $GRAD_CACHE, or `grad-playground` where the user's caches lie. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { GRAD_CACHE, XDG_CACHE_HOME } = environment;
  return GRAD_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'grad-playground');
}
