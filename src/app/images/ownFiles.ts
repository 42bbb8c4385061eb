// A user's file as the page holds it: on the disk, or packed in an archive until it is needed.

/** A file within an archive; unpacked at most once, when its bytes are first asked for. */
export interface PackedFile {
  /** Bytes once unpacked. */
  readonly size: number;
  /** @throws ZipEntryUnreadable */
  unpack(): Promise<File>;
}

export type OwnFile = File | PackedFile;

export const isPacked = (file: OwnFile): file is PackedFile => 'unpack' in file;
