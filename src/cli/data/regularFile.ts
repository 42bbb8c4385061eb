// Opens what is a file and nothing else: among images there may be pipes, sockets and devices.
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { FileUnreadable } from '../errors';

/** A pipe would be waited for, a device may never end: neither is opened for reading. @throws FileUnreadable */
export async function openRegular(path: string): Promise<FileHandle> {
  let file: FileHandle | null = null;
  try {
    // Without waiting for somebody to write into it, should it be a pipe. Windows has no such flag, nor such files.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK || 0));
    const stats = await file.stat();
    if (stats.isFile()) return file;
    if (stats.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    throw NOT_REGULAR;
  } catch (cause) {
    await file?.close();
    throw new FileUnreadable(path, cause);
  }
}

export const NOT_REGULAR = 'it is a pipe, a socket or a device';
