// The calls by which anything a command writes reaches the disk, in one object: tests put faults in their place (no
// room, a broken disk, a kill).
import { mkdir, open, rename, rm } from 'node:fs/promises';

/** A file while it is written. */
export interface OpenPart {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when the bytes are on the disk itself. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export const disk = {
  /** With the folders above it. */
  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  },

  /** Makes a file that was not there. @param mode permissions; null: the usual ones */
  async create(path: string, mode: number | null): Promise<OpenPart> {
    const file = await open(path, 'wx', mode ?? undefined);
    // The system takes its own bits away; some file systems know none.
    if (mode !== null) await file.chmod(mode).catch(() => undefined);
    return {
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },

  /** In one step: who looks sees the old file or the new one. */
  rename: (from: string, to: string): Promise<void> => rename(from, to),

  remove: (path: string): Promise<void> => rm(path, { force: true }),
};
