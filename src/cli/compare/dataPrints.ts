// What tells the images of a set from others: digests of the bytes of every image, mask and split file, with what each
// stands for.
import { maskFilesOf, type DatasetImage } from '../data/dataset';
import { sha256Hex, type Digests } from '../data/digests';
import type { Progress } from '../output/progress';
import type { ClassSet } from './classSets';

/** By kind, as 64 hexadecimal digits each. */
export interface DataPrints {
  /** Bytes, paths, splits, labels and types. */
  images: string;
  masks: string;
  split_files: string;
  /** Of the test images alone, with labels and masks. */
  test_images: string;
}

/** Files read at a time: the disk is busy, memory holds few. */
const FILES_AT_ONCE = 4;

/** @throws FileUnreadable */
export async function dataPrints(
  { images, splitFiles }: Pick<ClassSet, 'images' | 'splitFiles'>,
  digests: Digests,
  progress?: Progress,
): Promise<DataPrints> {
  const masks = images.flatMap(maskFilesOf);
  const files = [...images.map(({ file }) => file), ...masks, ...splitFiles];
  const digestOf = new Map<string, string>();
  for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
    progress?.update(`checking files ${first}/${files.length}`);
    const some = files.slice(first, first + FILES_AT_ONCE);
    const found = await Promise.all(some.map((path) => digests.of(path)));
    some.forEach((path, i) => digestOf.set(path, found[i]!));
  }
  const imageLine = ({ path, file, split, label, type }: DatasetImage) => [
    path,
    digestOf.get(file),
    split,
    label,
    type,
  ];
  // One mask alone as it always stood: what was compared before stays known.
  const maskLine = (image: DatasetImage) => {
    const digests = maskFilesOf(image).map((mask) => digestOf.get(mask));
    return [image.path, digests.length > 1 ? digests : (digests[0] ?? null)];
  };
  const test = images.filter(({ split }) => split === 'test');
  return {
    images: print(images.map(imageLine)),
    masks: print(images.map(maskLine)),
    split_files: print(splitFiles.map((path) => digestOf.get(path))),
    test_images: print(test.map((image) => [...imageLine(image), ...maskLine(image)])),
  };
}

const print = (lines: readonly unknown[]) => sha256Hex(JSON.stringify(lines));
