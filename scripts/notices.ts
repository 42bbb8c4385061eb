// A plugin for builds: THIRD-PARTY-NOTICES.txt beside what is built, with name, version, licence and licence text of every
// package of which a piece went in, and the same list as a bill of materials (CycloneDX). Versions, licences and digests
// are the lock file's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '..');
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';
export const BILL_OF_MATERIALS = 'sbom.cdx.json';
const LICENCE_FILE = /^(licen[cs]e|notice|copying)/i;
/** Where packages keep licences of what they bring along: codecs, and code of others. */
const DEEPER = ['', 'codec', 'lib', 'LICENSES'];

interface Locked {
  version: string;
  license?: string;
  integrity?: string;
}

/**
 * Collects over the page's build and its workers' builds, and writes with the former.
 * @throws Error (by the build) for a package without a licence, or that the lock file does not know
 */
export function notices(): { page: Plugin; worker: Plugin } {
  const found = new Set<string>();
  const collect = (bundle: Parameters<Extract<Plugin['generateBundle'], (...args: never) => unknown>>[1]) => {
    for (const file of Object.values(bundle)) {
      const paths = file.type === 'chunk' ? file.moduleIds : file.originalFileNames;
      for (const path of paths) {
        const name = packageOf(path);
        if (name) found.add(name);
      }
    }
  };
  return {
    worker: { name: 'notices-of-workers', generateBundle: (_, bundle) => collect(bundle) },
    page: {
      name: 'notices',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        const folders = [...found].sort();
        this.emitFile({ type: 'asset', fileName: NOTICES, source: noticesText(folders) });
        this.emitFile({ type: 'asset', fileName: BILL_OF_MATERIALS, source: billOfMaterials(folders) });
      },
    },
  };
}

/** Where a package lies, `node_modules/name`; null for our own files. */
export function packageOf(path: string): string | null {
  const [found] =
    path.replaceAll('\\', '/').match(/node_modules\/(?!.*node_modules\/)(@[^/]+\/)?[^/?]+/) ?? [];
  return found && !found.startsWith('node_modules/.') ? found : null;
}

/** What the lock file says of packages. @param folders as `packageOf` gives them @throws Error */
function lockedOf(folders: readonly string[], root: string) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return folders.map((folder) => {
    const locked = packages[folder];
    const name = folder.slice('node_modules/'.length);
    if (!locked) throw new Error(`package-lock.json does not know ${name}, which went into the build.`);
    const { license } = locked;
    if (!license) throw new Error(`${name} ${locked.version} names no licence.`);
    return { ...locked, folder, name, license };
  });
}

/** CycloneDX 1.5 as JSON: the same for the same packages. @param folders as `packageOf` gives them */
export function billOfMaterials(folders: readonly string[], root = ROOT): string {
  const components = lockedOf(folders, root).map(({ name, version, license, integrity }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const [, sha512] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
    return {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      licenses: [{ expression: license }],
      ...(sha512 && {
        hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }],
      }),
    };
  });
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components }, null, 1)}\n`;
}

/** @param folders as `packageOf` gives them */
export function noticesText(folders: readonly string[], root = ROOT): string {
  const parts = lockedOf(folders, root).map(({ folder, name, version, license }) =>
    [`${name} ${version}`, `Licence: ${license}`, '', licenceText(join(root, folder), license)].join('\n'),
  );
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return [HEAD, ...parts].join(line) + '\n';
}

const HEAD =
  'This program contains pieces of the following packages, each under its own licence. Where a package brings no licence text\nand its licence is Apache-2.0, that text is in the file LICENSE of this program and at\nhttps://www.apache.org/licenses/LICENSE-2.0.';

function licenceText(folder: string, license: string): string {
  const texts = DEEPER.flatMap((deeper) => {
    const place = join(folder, deeper);
    if (!existsSync(place)) return [];
    const files = readdirSync(place, { withFileTypes: true });
    return files
      .filter((file) => file.isFile() && LICENCE_FILE.test(file.name))
      .map(({ name }) => readFileSync(join(place, name), 'utf8').trim());
  });
  const own = [...new Set(texts)];
  if (own.length > 0) return own.join('\n\n');
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    author?: string | { name?: string };
    homepage?: string;
  };
  const author = typeof about.author === 'object' ? about.author.name : about.author;
  return [`The package brings no licence text (${license}).`, author && `Author: ${author}`, about.homepage].filter(Boolean).join('\n'); // prettier-ignore
}
