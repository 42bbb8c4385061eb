// From a drop or a file dialog to a flat list of files with their paths. Folders are walked; nothing is opened.

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface DroppedFile {
  path: string;
  file: File;
}

/** Files of a file input; folder inputs bring relative paths. */
export const chosenFiles = (list: FileList): DroppedFile[] =>
  Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Files of a drop, folders walked to the ground. Must be called within the drop event: later the list is empty. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  if (entries.length === 0) return chosenFiles(transfer.files);
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    return file ? [{ path, file }] : [];
  }
  const children = await readFolder((entry as FileSystemDirectoryEntry).createReader());
  return (await Promise.all(children.map(walk))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** A reader hands out a folder in portions of about a hundred until an empty one. */
async function readFolder(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}
