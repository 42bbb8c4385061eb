// A disk that fails at one step of a command's writing: it is full from there on, answers with an error once, or the
// process is killed there. Half of what was being written may have arrived.
import { disk, type OpenPart } from '../output/disk';

export type Fault = 'no room' | 'I/O error' | 'kill';

export const FAULTS: readonly Fault[] = ['no room', 'I/O error', 'kill'];

export interface FaultyDisk {
  /** Steps so far. */
  readonly steps: number;
  /** The system closes the files of a dead process. */
  restore(): Promise<void>;
}

const NEEDS_ROOM = new Set(['makeFolder', 'create', 'write', 'sync']);

/** @param at the step that fails, from 1; Infinity: none */
export function faultyDisk(at: number, fault: Fault): FaultyDisk {
  const real = { ...disk };
  let steps = 0;
  let dead = false;
  const left = new Set<OpenPart>();

  /** @param half what happens of the step that fails */
  async function step<T>(name: string, whole: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    if (dead) throw new Error('the process is dead');
    steps++;
    const fails = fault === 'no room' ? steps >= at && NEEDS_ROOM.has(name) : steps === at;
    if (!fails) return whole();
    await half?.();
    dead = fault === 'kill';
    throw Object.assign(new Error(fault), { code: fault === 'no room' ? 'ENOSPC' : 'EIO' });
  }

  async function close(file: OpenPart): Promise<void> {
    left.delete(file);
    await file.close();
  }

  const watched = (file: OpenPart): OpenPart => ({
    write: (bytes) => step('write', () => file.write(bytes), () => file.write(bytes.subarray(0, bytes.length >> 1))), // prettier-ignore
    sync: () => step('sync', () => file.sync()),
    close: () => step('close', () => close(file), () => close(file)), // prettier-ignore
  });
  Object.assign(disk, {
    makeFolder: (path) => step('makeFolder', () => real.makeFolder(path)),
    create: async (path, mode) => {
      const file = await step('create', () => real.create(path, mode));
      left.add(file);
      return watched(file);
    },
    rename: (from, to) => step('rename', () => real.rename(from, to)),
    remove: (path) => step('remove', () => real.remove(path)),
  } satisfies typeof disk);
  return {
    get steps() {
      return steps;
    },
    async restore() {
      Object.assign(disk, real);
      await Promise.all([...left].map(close));
    },
  };
}
