// What an archive may hold, all in one place, with the reasons. Sizes are checked as the directory states them before
// anything is read, and again while reading: an entry that unpacks to more than it states is stopped there.

export interface ZipLimits {
  entries: number;
  directoryBytes: number;
  entryBytes: number;
  totalBytes: number;
  ratio: number;
  ratioFromBytes: number;
  pathLength: number;
}

export const ZIP_LIMITS: Readonly<ZipLimits> = {
  /** Files and folders together, as for a dropped folder; the largest published sets have about 11,000 images. */
  entries: 100_000,
  /** Of the list of files, which is held in memory whole: 100,000 entries of 300 bytes are 30 MB. */
  directoryBytes: 64 * 2 ** 20,
  /** Of one unpacked file, which is held in memory whole. Images have a smaller limit of their own. */
  entryBytes: 1024 * 2 ** 20,
  /** Of all unpacked files. They are unpacked one at a time, so this bounds time and storage, not memory. */
  totalBytes: 32 * 2 ** 30,
  /**
   * Unpacked to packed bytes of one large file. Photographs hardly shrink, drawings and masks by 10 to 50; Deflate's
   * ceiling is about 1030, which a blank BMP mask reaches honestly: below `ratioFromBytes` nothing is asked.
   */
  ratio: 200,
  ratioFromBytes: 16 * 2 ** 20,
  /** Characters; no file system takes longer paths than 4096 bytes. */
  pathLength: 1024,
};
