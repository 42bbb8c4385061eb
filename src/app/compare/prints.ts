// What tells the images on screen from others: SHA-256 of the bytes of every image and mask, with what each stands for. A
// file is read once; what was found of images is kept with the comparison.
import type { ImageId } from '../../engine/api/types';
import { RemedyError } from '../../lib/errors';
import { sha256 } from '../../session/digest';
import type { ImageRecord } from '../images/dataSlice';
import { encodedOf } from '../images/pictures';

export interface Prints {
  /** Test images, labels, masks. */
  images: string;
  /** All images, what they stand for, masks. */
  data: string;
}

type Described = Pick<ImageRecord, 'id' | 'split' | 'label' | 'type'>;

/** @param onProgress hears how many images are done. @throws what reading a file throws */
export async function printsOf(
  records: readonly Described[],
  onProgress: (done: number) => void = () => undefined,
): Promise<Prints> {
  const lines: { split: string; line: string }[] = [];
  for (const [i, { id, split, label, type }] of records.entries()) {
    const [image, mask] = await digestsOf(id);
    lines.push({ split, line: JSON.stringify([id, split, label, type, image, mask]) });
    onProgress(i + 1);
  }
  const print = (some: typeof lines) =>
    sha256(new TextEncoder().encode(some.map(({ line }) => line).sort().join('\n'))); // prettier-ignore
  return { images: await print(lines.filter(({ split }) => split === 'test')), data: await print(lines) };
}

/** Of files that were read in this visit: the bytes of a File are never others. */
const read = new WeakMap<Blob, string>();

/** Of the visitor's own images by id, which is never given twice. Masks change: they are read anew in every visit. */
const ofImages = new Map<ImageId, string>();

/** Digests of an earlier visit, as `knownDigests` gave them. */
export const rememberDigests = (digests: Readonly<Record<string, string>>): void =>
  Object.entries(digests).forEach(([id, digest]) => ofImages.set(id, digest));

/** Of those of these images that were read, to be kept. */
export const knownDigests = (ids: readonly ImageId[]): Record<string, string> =>
  Object.fromEntries(ids.flatMap((id) => (ofImages.has(id) ? [[id, ofImages.get(id)!]] : [])));

async function digestsOf(id: ImageId): Promise<[image: string, mask: string | null]> {
  const { bytes, mask } = await encodedOf(id);
  const image = ofImages.get(id) ?? (await digestOf(bytes));
  if (bytes instanceof Blob) ofImages.set(id, image);
  return [image, mask ? await digestOf(mask) : null];
}

async function digestOf(bytes: Blob | ArrayBuffer): Promise<string> {
  if (!(bytes instanceof Blob)) return sha256(bytes);
  const digest = read.get(bytes) ?? (await sha256(await bytes.arrayBuffer()));
  read.set(bytes, digest);
  return digest;
}

/** Images, labels or masks were changed while a compared run was under way. */
export class ImagesChanged extends RemedyError {
  override readonly name = 'ImagesChanged';
  constructor() {
    super(
      'Images, labels or masks changed while this ran, so its figures are of no set that is there.',
      'Run the comparison again; it does only what is missing.',
    );
  }
}
