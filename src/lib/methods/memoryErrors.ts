// What can go wrong with methods that remember their training features (PaDiM, PatchCore): features that are no numbers, and
// memories that do not fit the graphics adapter.
import { RemedyError } from '../errors';
import { backendDevice } from '../gpu/backend';
import { tf } from '../gpu/tf';

export class FeaturesNotFinite extends RemedyError {
  override readonly name = 'FeaturesNotFinite';
  constructor() {
    super(
      'The features of the training images contain values that are no finite numbers.',
      'Choose another backbone or load its weights again; the images are kept.',
    );
  }
}

export class MemoryTooLarge extends RemedyError {
  override readonly name = 'MemoryTooLarge';
  /**
   * @param what what takes the room, as in "The 90,000 patches to choose from"
   * @param remedy which setting to lower, and to what
   */
  constructor(what: string, bytes: number, most: number, remedy: string) {
    super(`${what} take ${megabytes(bytes)}; there is room for ${megabytes(most)}.`, remedy);
  }
}

/** Bytes of the largest tensor that kernels can bind on this adapter. */
export function largestTensor(): number {
  return tf.getBackend() === 'webgpu' ? backendDevice().limits.maxStorageBufferBindingSize : Infinity;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
