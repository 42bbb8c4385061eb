// Models of the compared runs, beside those that the engine holds: when it goes they go into the next one. As blobs, which a
// browser may lay on its disk.
import { engine } from '../shell/engineLink';
import { getState, patch } from '../shell/store';

/** Oldest first. */
const files = new Map<string, Blob>();
/** As many bytes as the engine's own room for them (engine/models/modelCache.ts). */
const MOST_BYTES = 1024 * 2 ** 20;

/** Holds the file of a run's model. The oldest go when there is no room. */
export function holdStashed(name: string, file: Blob): void {
  files.delete(name);
  files.set(name, file);
  let bytes = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  for (const [oldest, { size }] of files) {
    if (bytes <= MOST_BYTES || oldest === name) break;
    files.delete(oldest);
    bytes -= size;
  }
}

/** They are not wanted any more. */
export async function forgetStashed(names: readonly string[]): Promise<void> {
  files.clear();
  await engine()
    ?.dropStashed([...names])
    .catch(() => undefined);
}

/** Gives a new engine the models of the runs in the table, as far as they are here. */
export async function restash(): Promise<void> {
  const stashed: string[] = [];
  for (const { name } of getState().compare.runs) {
    const file = files.get(name);
    const done = file && engine()?.keepStashed({ name, file }).then(() => true, () => false); // prettier-ignore
    if (await done) stashed.push(name);
  }
  patch('compare', { stashed });
}
