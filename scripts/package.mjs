// Builds what `npm pack` takes along: the library's entries and the command line as ES modules that share their pieces (a
// kernel registers once, whichever entry brings it), with their declarations. Everything a dependency offers stays an import.
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { build } from 'vite';
import { checkExports, ENTRIES } from './entries.mjs';

const OUT = 'build/lib';

const COMMAND = { cli: 'src/cli/main.ts' };

async function buildModules() {
  await build({
    logLevel: 'warn',
    // The image codecs lie beside the modules: in this form bundlers, browsers and Node all find them.
    experimental: { renderBuiltUrl: (file) => ({ runtime: `new URL('../${file}', import.meta.url).href` }) },
    // In the page's build this is a constant; a module of the package may find itself in either place.
    define: { 'import.meta.env.SSR': '(typeof process === "object" && !!process.versions?.node)' },
    build: {
      ssr: true,
      outDir: OUT,
      emptyOutDir: true,
      copyPublicDir: false,
      ssrEmitAssets: true,
      minify: false,
      rollupOptions: {
        input: { ...ENTRIES, ...COMMAND },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: ({ name, isEntry }) => (isEntry && name === 'cli' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  });
}

async function buildDeclarations() {
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, resolve(file)])),
    external: [/^[^./\0]/],
    plugins: [dts({ emitDtsOnly: true, compilerOptions: { noEmit: false, declaration: true } })],
  });
  await bundle.write({ dir: OUT, format: 'es', chunkFileNames: 'types/[name]-[hash].js' });
}

checkExports();
await buildModules();
await buildDeclarations();
