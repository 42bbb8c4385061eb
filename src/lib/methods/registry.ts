// The rival methods there are, by name. A method that is not here is not offered (a test holds the table to it).
import type { RivalId } from '../../settings/methods';
import type { MethodDefinition } from './detector';
import { dfr } from './dfr';
import { UnknownMethod } from './errors';
import { padim } from './padim';
import { patchcore } from './patchcore';
import { riad } from './riad';
import { simplenet } from './simplenet';
import { uniad } from './uniad';

const METHODS: Partial<Record<RivalId, MethodDefinition>> = { padim, patchcore, simplenet, dfr, uniad, riad };

/** The names that can be chosen. */
export const registeredMethods = (): RivalId[] => Object.keys(METHODS) as RivalId[];

/** @throws UnknownMethod for a name from a file or a link of another version */
export function methodOf(id: string): MethodDefinition {
  const method = Object.hasOwn(METHODS, id) ? METHODS[id as RivalId] : undefined;
  if (!method) throw new UnknownMethod(id);
  return method;
}
