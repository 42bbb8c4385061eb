// A scratch file in the browser's private file system (OPFS), which lives on the disk and is seen by no other site.
// Works in workers only, where it reads and writes synchronously. Each engine has a file of its own; those that a crash
// left behind go when the next one opens.
import type { ScratchFile } from './featureDisk';

const FOLDER = 'features';
/** The rest is for what the visitor wants kept. */
const SHARE_OF_ROOM = 0.5;

/** @returns null where there is no such file system (some private windows), or no room is granted */
export async function openOpfsScratch(): Promise<ScratchFile | null> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined;
  if (!storage?.getDirectory) return null;
  const { quota = 0, usage = 0 } = await storage.estimate();
  const folder = await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  await sweep(folder);
  const name = crypto.randomUUID();
  const file = await folder.getFileHandle(name, { create: true });
  const access = await file.createSyncAccessHandle();
  return {
    capacity: Math.max(0, quota - usage) * SHARE_OF_ROOM,
    write(at, bytes) {
      const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
      if (written < bytes.byteLength) throw new DOMException('the disk is full', 'QuotaExceededError');
    },
    read(at, into) {
      const read = access.read(into as Uint8Array<ArrayBuffer>, { at });
      if (read < into.byteLength) throw new DOMException('the scratch file is cut short', 'NotReadableError');
    },
    close() {
      access.close();
      void folder.removeEntry(name).catch(() => undefined);
    },
  };
}

/** Removes what nobody has open. */
async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  await Promise.all(names.map((name) => folder.removeEntry(name).catch(() => undefined)));
}
