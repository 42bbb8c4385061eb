// From a drop or a file dialog to a flat list of files with their paths. Folders are walked; nothing is opened.
import { MAX_ENTRIES, TooManyFiles } from '../../lib/images/errors';

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface DroppedFile {
  path: string;
  file: File;
}

/** Files of a file input; folder inputs bring relative paths. */
export const chosenFiles = (list: FileList): DroppedFile[] =>
  Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/**
 * Files of a drop, folders walked to the ground. Must be called within the drop event: later the list is empty.
 * @param onFound hears how many files were found so far
 * @param limit most files
 * @throws TooManyFiles as soon as there are more than can be read
 */
export async function droppedFiles(
  transfer: DataTransfer,
  onFound: (count: number) => void = () => undefined,
  limit = MAX_ENTRIES,
): Promise<DroppedFile[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  if (entries.length === 0) return chosenFiles(transfer.files);
  const files: DroppedFile[] = [];
  await walk(entries, files, (count) => {
    if (count > limit) throw new TooManyFiles(count, limit);
    onFound(count);
  });
  return files;
}

/** One portion after the other: the page goes on between them, and a vast folder is given up early. */
async function walk(
  entries: readonly FileSystemEntry[],
  files: DroppedFile[],
  onFound: (count: number) => void,
): Promise<void> {
  const found = await Promise.all(entries.filter(isFile).map(fileOf));
  files.push(...found.filter((file) => file !== null));
  onFound(files.length);
  for (const folder of entries.filter(isFolder)) {
    for await (const portion of portionsOf(folder)) await walk(portion, files, onFound);
  }
}

/** Null for a file that cannot be had. */
async function fileOf(entry: FileSystemFileEntry): Promise<DroppedFile | null> {
  const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
  return file && { path: entry.fullPath.replace(/^\//, ''), file };
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader hands out a folder in portions of about a hundred until an empty one. */
async function* portionsOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry[]> {
  const reader = folder.createReader();
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (portion.length === 0) return;
    yield portion;
  }
}
