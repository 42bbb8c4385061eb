// What an importer can name, and the file behind it: the package's build, its declarations and the API reference take it
// from here, and package.json's "exports", which npm wants written out, is held against it when the package is built.
import { readFileSync } from 'node:fs';

/** Each entry's name in `build/lib`, and its source. `index` is the package itself. */
export const ENTRIES = {
  index: 'src/lib/index.ts',
  kernels: 'src/lib/kernels/index.ts',
  methods: 'src/lib/methods/index.ts',
  backbones: 'src/lib/backbones/index.ts',
  metrics: 'src/lib/scoring/metrics/index.ts',
  formats: 'src/lib/formats/index.ts',
  engine: 'src/engine/index.ts',
  node: 'src/cli/node.ts',
};

/** Throws where package.json offers another set of entries than is built. */
export function checkExports() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const due = { './package.json': './package.json' };
  for (const name of Object.keys(ENTRIES)) {
    const [types, file] = [`./build/lib/${name}.d.ts`, `./build/lib/${name}.js`];
    due[name === 'index' ? '.' : `./${name}`] = { types, default: file };
  }
  for (const key of new Set([...Object.keys(due), ...Object.keys(exports)])) {
    if (JSON.stringify(due[key]) === JSON.stringify(exports[key])) continue;
    throw new Error(
      `package.json's "exports" has ${key} as ${JSON.stringify(exports[key])}, and what is built is ${JSON.stringify(due[key])}: change scripts/entries.mjs or "exports".`,
    );
  }
}
