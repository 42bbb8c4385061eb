// The API reference, of the same entries that the package has: `npm run docs:api` writes it to build/api.
import { ENTRIES } from './scripts/entries.mjs';

export default {
  name: 'GRAD Playground',
  entryPoints: Object.values(ENTRIES),
  out: 'build/api',
  readme: 'none',
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
};
