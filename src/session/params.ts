// Parameters that were stored: whatever they say, what leaves is a table of allowed values.
import { defaultParams, PARAM_NAMES, type Params } from '../settings/table';
import { consistent, judge, specOf } from '../settings/values';
import { record } from './checks';

/** Each value as its row allows, defaults for what is missing. @throws Misfit when there are none at all */
export function parseParams(value: unknown, place: string): Params {
  const given = record(value, place);
  const known = PARAM_NAMES.filter((name) => Object.hasOwn(given, name));
  const judged = known.map((name) => [name, judge(specOf(name), given[name]).value]);
  return consistent({ ...defaultParams(), ...(Object.fromEntries(judged) as Partial<Params>) });
}
