// Lint is the house's doorkeeper: warnings fail, imports run one way, circles fail, synchronous GPU reads are banned.
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Who may not import whom: ui -> state -> engine (interface); engine -> pipeline -> model -> backbones, kernels -> gpu. */
const FORBIDDEN = {
  ui: ['pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli'],
  state: ['ui', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli'],
  engine: ['ui', 'cli'],
  pipeline: ['ui', 'state', 'engine', 'cli'],
  model: ['ui', 'state', 'engine', 'pipeline', 'cli', 'data'],
  backbones: ['ui', 'state', 'engine', 'pipeline', 'model', 'cli', 'data'],
  kernels: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'cli', 'data'],
  gpu: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'cli', 'data', 'metrics'],
  data: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli', 'metrics'],
  metrics: ['ui', 'state', 'engine', 'pipeline', 'model', 'backbones', 'kernels', 'gpu', 'cli', 'data'],
};

const zones = Object.entries(FORBIDDEN).map(([room, others]) => ({
  target: `./src/${room}`,
  from: others.map((other) => `./src/${other}`),
  message: `src/${room} must not import this (see docs/architecture.md).`,
}));

const SYNC_READS = ['dataSync', 'arraySync', 'bufferSync'].map((property) => ({
  property,
  message: 'Synchronous GPU reads fail in Node and stall the browser; await data() instead.',
}));

export default tseslint.config(
  { ignores: ['dist', 'build', 'node_modules', 'test-results', 'playwright-report', 'public'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { 'import-x': importX, 'react-hooks': reactHooks },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })],
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-restricted-properties': ['error', ...SYNC_READS],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `void` is how a call of the engine says that it takes or returns nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['src/cli/**', 'scripts/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: ['scripts/**/*.mjs', 'eslint.config.js'],
    languageOptions: { globals: globals.node },
  },
);
