// Longer words about every method, from their folders: loaded when somebody asks for help.
import type { Explanation } from './about';
import type { MethodId } from './list';

const FOLDERS: Record<string, Record<string, Explanation>> = import.meta.glob('./*/explanation.ts', {
  eager: true,
  import: 'default',
});

export const EXPLANATIONS = Object.assign({}, ...Object.values(FOLDERS)) as Record<MethodId, Explanation>;
