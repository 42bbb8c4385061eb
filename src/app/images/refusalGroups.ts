// Refused files by what is wrong with them: a hundred thousand files with one fault are one line.
import type { Refusal } from './dataSlice';

export interface RefusalGroup {
  message: string;
  remedy: string;
  names: string[];
}

/** Groups in the order in which their first file was refused. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup>();
  for (const { name, message, remedy } of refusals) {
    const key = `${message}\n${remedy}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { message, remedy, names: [name] });
  }
  return [...groups.values()];
}
