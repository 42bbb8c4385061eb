// Code of others that ships: its licences go along, and none of it needs to run anything to be installed.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billOfMaterials, noticesText, packageOf } from '../../scripts/notices';

interface Locked {
  license?: string;
  dev?: boolean;
  /** Asked for by tools alone, or an optional peer. */
  devOptional?: boolean;
  hasInstallScript?: boolean;
  integrity?: string;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked & { version: string }>;
};

describe('the notices of a build', () => {
  it('name each package with the lock file’s version and licence, and its licence text', () => {
    const text = noticesText(['node_modules/fflate', 'node_modules/@zip.js/zip.js']);
    expect(text).toContain(`fflate ${packages['node_modules/fflate']!.version}\nLicence: MIT\n`);
    expect(text).toContain(readFileSync('node_modules/fflate/LICENSE', 'utf8').trim());
    expect(text).toContain('@zip.js/zip.js');
  });

  it('point to the text of the Apache licence where a package brings none', () => {
    expect(noticesText(['node_modules/@tensorflow/tfjs-core'])).toMatch(
      /tfjs-core 4\.22\.0\nLicence: Apache-2\.0\n\nThe package brings no licence text/,
    );
  });

  it('fail the build for a package that nobody knows', () => {
    expect(() => noticesText(['node_modules/smuggled-in'])).toThrow('smuggled-in');
    expect(() => billOfMaterials(['node_modules/smuggled-in'])).toThrow('smuggled-in');
  });

  it('are a bill of materials too: what went in, nothing else, with the digests of the lock file', () => {
    const { bomFormat, components } = JSON.parse(
      billOfMaterials(['node_modules/@zip.js/zip.js', 'node_modules/fflate']),
    ) as { bomFormat: string; components: Record<string, unknown>[] };
    expect(bomFormat).toBe('CycloneDX');
    const { version, integrity } = packages['node_modules/@zip.js/zip.js']!;
    expect(components).toHaveLength(2);
    expect(components[0]).toMatchObject({
      purl: `pkg:npm/%40zip.js/zip.js@${version}`,
      licenses: [{ expression: 'BSD-3-Clause' }],
      hashes: [{ content: Buffer.from(integrity!.slice('sha512-'.length), 'base64').toString('hex') }],
    });
  });

  it.each([
    ['/x/node_modules/react/index.js', 'node_modules/react'],
    ['C:\\x\\node_modules\\@jsquash\\webp\\codec\\dec.wasm?url', 'node_modules/@jsquash/webp'],
    ['/x/node_modules/a/node_modules/b/c.js', 'node_modules/b'],
    ['\0/x/node_modules/uplot/dist/a.css?inline', 'node_modules/uplot'],
    ['/x/node_modules/.vite/deps/a.js', null],
    ['/x/src/app/main.tsx', null],
    ['\0rolldown/runtime.js', null],
  ])('find where %j comes from', (path, folder) => {
    expect(packageOf(path)).toBe(folder);
  });
});

const isTool = ({ dev, devOptional }: Locked) => Boolean(dev ?? devOptional);

describe('the lock file', () => {
  it('has a licence for every package that is installed with this one, and only free ones', () => {
    const ours = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
    const others = ours.filter(([, { license }]) => !isFree(license ?? ''));
    expect(others).toEqual([]);
  });

  it('tells what is installed with the package from the tools that build it', () => {
    const { scripts, dependencies, optionalDependencies } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ) as Record<string, Record<string, string>>;
    // What `npm run sbom` lists.
    expect(scripts!.sbom).toContain('--omit dev');
    const listed = Object.keys(packages).filter((path) => path !== '' && !isTool(packages[path]!));
    const named = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(listed).toEqual(expect.arrayContaining(named.map((name) => `node_modules/${name}`)));
    for (const tool of ['oxlint', 'vite', 'typescript', 'vitest'])
      expect(listed).not.toContain(`node_modules/${tool}`);
  });

  it('has no package that must run a script to be installed', () => {
    const scripted = Object.keys(packages).filter((path) => packages[path]!.hasInstallScript);
    // core-js says hello; protobufjs (of onnxruntime-web, for tests) compares version numbers; webgpu takes a quarantine
    // mark off on macOS. None needs it to work: npm ci --ignore-scripts.
    expect(scripted).toEqual(['node_modules/core-js', 'node_modules/protobufjs', 'node_modules/webgpu']);
  });
});

/** One licence, or several that all hold. */
const isFree = (licence: string): boolean =>
  licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' AND ')
    .every((one) => FREE.has(one));

const FREE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
