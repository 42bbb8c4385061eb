// Lint is the house's doorkeeper: warnings fail, synchronous GPU reads are banned. Which way imports run is checked by
// dependency-cruiser.config.mjs.
import js from '@eslint/js';
import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

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
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-properties': ['error', ...SYNC_READS],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `void` is how a call of the engine says that it takes or returns nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/cli/**', 'scripts/**', 'bench/**', 'e2e/**', 'examples/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['examples/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.mjs', 'eslint.config.js'],
    languageOptions: { globals: { ...globals.node, document: 'readonly' } },
  },
);
