// One configuration for the page, the headless runner (vite build --ssr) and the tests, so that all
// three load shaders, workers and aliases the same way.
import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { configDefaults, type ViteUserConfig } from 'vitest/config';
import { buildName } from './scripts/buildName.ts';
import { colourTables } from './scripts/colourTables.ts';
import { notices } from './scripts/notices.ts';
import { offline } from './scripts/offline.ts';
import { wgsl } from './scripts/wgsl.ts';

/** A mirror of the Hub to build for: its base URL. Its file host must be its own, or be added below. */
const MIRROR = process.env.GRAD_HUB ?? '';

/** The Hub, and the hosts it redirects to for a file's bytes: its older store and its present ones. */
const HUB_HOSTS = ['https://huggingface.co', 'https://cdn-lfs.huggingface.co', 'https://*.hf.co'];

// Every resource is ours, but for weights that the user asks for; images arrive as blobs; the image codecs are
// WebAssembly.
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-src 'none'",
  ["connect-src 'self'", ...HUB_HOSTS, ...(MIRROR ? [new URL(MIRROR).origin] : [])].join(' '),
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Origins that may show the page in a frame, with spaces; nobody otherwise. */
const FRAMED_BY = (process.env.GRAD_FRAMED_BY ?? '').trim();

/** What a header can say and a tag cannot: who may frame the page. */
const POLICY_HEADER = `${CONTENT_SECURITY_POLICY}; frame-ancestors ${FRAMED_BY || "'none'"}`;

/** Writes the policy into the built page; the development server needs inline scripts and goes without. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
      ...(FRAMED_BY
        ? [{ tag: 'meta', attrs: { name: 'framed-by', content: FRAMED_BY }, injectTo: 'head' as const }]
        : []),
    ],
  };
}

/**
 * The umbrella package @tensorflow/tfjs brings four parts that nothing here uses (Keras layers, graph models, data
 * pipelines, the WebGL backend). In the page they are replaced by nothing: half the worker's size.
 */
const UNUSED_TFJS = /^@tensorflow\/tfjs-(layers|converter|data|backend-webgl)$/;

function withoutUnusedTfjs(): Plugin {
  const EMPTY = '\0unused-tfjs';
  return {
    name: 'without-unused-tfjs',
    enforce: 'pre',
    apply: (_, { command, isSsrBuild }) => command === 'build' && !isSsrBuild,
    resolveId: (id) => (UNUSED_TFJS.test(id) ? EMPTY : null),
    load: (id) =>
      id === EMPTY
        ? 'export const version_layers = "", version_converter = "", version_data = "", version_webgl = "";'
        : null,
  };
}

const ofThirdParties = notices();

const GPU_TESTS = ['src/**/*.gpu.test.ts'];
const LIBRARY_TESTS = ['src/lib/**/*.gpu.test.ts'];
const PAGE_TESTS = ['src/app/**/*.test.{ts,tsx}'];

const test: ViteUserConfig['test'] = {
  // Two at least: one test keeps a core busy, on a software adapter too, which mostly compiles shaders. Each that computes
  // has an adapter of its own, so that many would not fit.
  // Time enough where other programs keep the cores busy.
  testTimeout: 30_000,
  maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
  // tfjs recommends another package to whoever runs its CPU backend in Node.
  onConsoleLog: (log) => !log.includes('running TensorFlow.js in Node.js'),
  projects: [
    {
      // What holds no state of its own is loaded once for all files: that takes longer than most of them.
      extends: true,
      test: {
        name: 'unit',
        include: ['src/**/*.test.ts'],
        exclude: [...configDefaults.exclude, ...GPU_TESTS, ...PAGE_TESTS],
        isolate: false,
        unstubEnvs: true,
        unstubGlobals: true,
      },
    },
    {
      // The page's state lives in its modules: every file has its own.
      extends: true,
      test: { name: 'page', include: PAGE_TESTS },
    },
    {
      extends: true,
      test: {
        name: 'gpu',
        include: GPU_TESTS,
        exclude: [...configDefaults.exclude, ...LIBRARY_TESTS],
        testTimeout: 120_000,
        hookTimeout: 120_000,
      },
    },
    {
      // The library has no state but its compiled shaders, which the next file may need too.
      extends: true,
      test: {
        name: 'library',
        include: LIBRARY_TESTS,
        isolate: false,
        testTimeout: 120_000,
        hookTimeout: 120_000,
      },
    },
    {
      // Packs the project and uses it as another program would.
      test: {
        name: 'package',
        include: ['examples/*.test.ts'],
        testTimeout: 240_000,
        hookTimeout: 240_000,
      },
    },
  ],
};

const FIRST_PAINT = {
  name: 'first',
  tags: ['$initial' as const],
  test: (id: string) => !id.endsWith('serviceWorker.ts'),
};

export default defineConfig(({ isSsrBuild }) => ({
  base: './',
  define: {
    'import.meta.env.GRAD_HUB': JSON.stringify(MIRROR),
    'import.meta.env.GRAD_BUILD': JSON.stringify(buildName()),
  },
  plugins: [
    react(),
    wgsl(),
    colourTables(),
    withoutUnusedTfjs(),
    contentSecurityPolicy(),
    ofThirdParties.page,
    offline(),
  ],
  // A policy in the page does not bind its workers; one in the answer's head does. Hosts should send it, as we do.
  preview: { headers: { 'Content-Security-Policy': POLICY_HEADER } },
  worker: {
    format: 'es',
    plugins: () => [wgsl(), withoutUnusedTfjs(), colourTables(), ofThirdParties.worker],
  },
  build: {
    target: 'es2023',
    copyPublicDir: !isSsrBuild,
    ...(isSsrBuild
      ? { outDir: 'build/cli', rollupOptions: { input: 'src/cli/main.ts' } }
      : {
          outDir: 'dist',
          // What the first paint needs is one file: thirty small ones pack worse, and take as many requests.
          // The service worker is a file of its own.
          rolldownOptions: { output: { codeSplitting: { groups: [FIRST_PAINT] } } },
        }),
  },
  test,
}));
