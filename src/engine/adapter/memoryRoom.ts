// How much memory there is to train in, as far as anybody says: WebAssembly ends at 4 GB, a graphics adapter names only its
// largest buffer, a browser rounds what the machine has. Some of it is sure and some a guess, and each says which.
import { onlyProcessor } from '../../lib/gpu/processor';
import type { Computer } from './gpuSession';

export interface MainMemory {
  /** Bytes that are to be had now, or about so; null: unknown. */
  free: number | null;
  /** Bytes of the machine; null: unknown. */
  total: number | null;
}

/** No more than this. */
export interface Ceiling {
  bytes: number;
  /** False: a guess, of which one is told; true: a training beyond it cannot work, and does not begin. */
  sure: boolean;
  /** What it is of: everything together, or the largest tensor alone. */
  of: 'all' | 'tensor';
  /** As in "there is room for 4 GB in ...". */
  where: string;
}

const GIB = 2 ** 30;
/** Addresses of 32 bits. */
const WEBASSEMBLY_BYTES = 4 * GIB;
/** What a graphics adapter is taken to have for each byte of its largest buffer: WebGPU does not say how much memory it has. */
const BUFFERS = 4;
/** A page gets about half of what the machine has; the system and other tabs have the rest. */
const PAGE_SHARE = 0.5;
/** From here on browsers say "at least". */
const SAYS_NO_MORE_GIB = 8;

/** What a browser says of the machine, in powers of two of a GiB, at most eight; some say nothing. */
export function browserMemory(): MainMemory {
  const gib = (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory;
  const told = gib !== undefined && gib < SAYS_NO_MORE_GIB;
  return { free: told ? gib * GIB * PAGE_SHARE : null, total: null };
}

/** What limits a training on this computer. */
export function ceilingsOf({ device, software }: Computer, { free, total }: MainMemory): Ceiling[] {
  const found: Ceiling[] = [];
  if (!device && onlyProcessor())
    found.push({ bytes: WEBASSEMBLY_BYTES, sure: true, of: 'all', where: 'WebAssembly' });
  if (device) {
    const { maxStorageBufferBindingSize: tensor, maxBufferSize: buffer } = device.limits;
    const where = 'a single buffer of this graphics adapter';
    found.push({ bytes: Math.min(tensor, buffer), sure: true, of: 'tensor', where });
    if (!software)
      found.push({ bytes: BUFFERS * buffer, sure: false, of: 'all', where: 'this graphics adapter, as far as it says' }); // prettier-ignore
  }
  if (!device || software) {
    if (total !== null) found.push({ bytes: total, sure: true, of: 'all', where: 'this machine' });
    if (free !== null) found.push({ bytes: free, sure: false, of: 'all', where: 'this machine now' });
  }
  return found;
}
