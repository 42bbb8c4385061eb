// What a build is called: the package's version and a digest of all that the program is made of, so that two builds of
// one version differ when their code does, and are the same when it is.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** The lock file says which code of others. */
const MADE_OF = ['src', 'shaders', 'package-lock.json'];
const PART = /\.(tsx?|css|wgsl|json)$/;
const ONLY_FOR_TESTS = /\.test\.tsx?$|\.d\.ts$|(^|\/)(testing|fixtures)\//;

/** `0.1.0+3f2a...`: twelve hexadecimal digits after the plus. */
export function buildName(root = ROOT): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const hash = createHash('sha256');
  for (const path of MADE_OF.flatMap((name) => filesIn(root, name)).sort()) {
    // Line ends are the checkout's.
    hash.update(`${path}\0${readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')}\0`);
  }
  return `${version}+${hash.digest('hex').slice(0, 12)}`;
}

/** Relative to the root, with forward slashes: a folder's files, or the file itself. */
function filesIn(root: string, name: string): string[] {
  if (PART.test(name)) return [name];
  return readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => PART.test(path) && !ONLY_FOR_TESTS.test(path));
}
