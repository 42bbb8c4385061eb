// The methods that are fitted in one go, by id: the index.ts of every folder here that list.ts names. Importing this
// loads all that computes; what only chooses among methods imports list.ts.
import type { MethodDefinition } from './detector';
import { UnknownMethod } from './errors';
import { METHODS } from './list';

const FOLDERS: Record<string, MethodDefinition | undefined> = import.meta.glob('./*/index.ts', {
  eager: true,
  import: 'default',
});

const listed = new Set<string>(METHODS.map(({ id }) => id));
const registered = new Map<string, MethodDefinition>();
for (const method of Object.values(FOLDERS)) if (method && listed.has(method.about.id)) register(method);

/** Adds a method, so that its files can be read: for those that are not part of this library. */
export function register(method: MethodDefinition): void {
  registered.set(method.about.id, method);
}

/** The ids there are, in the order in which methods are offered. */
export const registeredMethods = (): string[] => {
  const order = METHODS.map(({ id }) => id as string);
  return [...registered.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
};

/** @throws UnknownMethod for a name from a file or a link of another version */
export function methodOf(id: string): MethodDefinition {
  const method = registered.get(id);
  if (!method) throw new UnknownMethod(id);
  return method;
}
