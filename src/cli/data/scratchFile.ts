// The command line's scratch file for feature maps that find no room in memory: in the system's folder for temporary
// files, gone from the folder's list as soon as it is open, and from the disk when the process ends.
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScratchFile } from '../../engine/features/featureDisk';

/** The disk is others' too. */
const SHARE_OF_ROOM = 0.5;

/** @throws when there is no such folder, or it cannot be written to */
export async function openScratchFile(): Promise<ScratchFile> {
  const { bavail, bsize } = await statfs(tmpdir());
  const folder = await mkdtemp(join(tmpdir(), 'grad-features-'));
  const file = openSync(join(folder, 'maps'), 'w+');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  unlisted(remove);
  return {
    capacity: bavail * bsize * SHARE_OF_ROOM,
    write: (at, bytes) => wholly(bytes, (from, length) => writeSync(file, bytes, from, length, at + from)),
    read: (at, into) => wholly(into, (from, length) => readSync(file, into, from, length, at + from)),
    close() {
      closeSync(file);
      remove();
    },
  };
}

/** Windows keeps an open file listed: there it goes with `close`. */
function unlisted(remove: () => void): void {
  try {
    remove();
  } catch {
    process.once('exit', () => {
      try {
        remove();
      } catch {
        // The system empties its folder.
      }
    });
  }
}

/** The system may move fewer bytes than asked for. @throws when it moves none */
function wholly(bytes: Uint8Array, move: (from: number, length: number) => number): void {
  for (let done = 0; done < bytes.byteLength;) {
    const moved = move(done, bytes.byteLength - done);
    if (moved === 0) throw new Error('the scratch file is cut short');
    done += moved;
  }
}
