// `bench checksums`: a digest of the result's bits for every case of checksumCases.ts, to be compared before and after a
// change that must not change them. Digests of two adapters differ by rounding alone, so they are not compared.
import { createHash } from 'node:crypto';
import type { AdapterReport } from '../../engine/api/types';
import { settle } from '../../lib/gpu/backend';
import { RemedyError } from '../../lib/errors';
import { readBytes } from '../data/files';
import { CHECKSUM_CASES } from './checksumCases';
import type { Workbench } from './workbench';

/** What is written: digests by case, and whose they are. */
export interface Checksums {
  adapter: string;
  digests: Record<string, string>;
}

/** Runs every case. */
export async function takeChecksums(workbench: Workbench, adapter: AdapterReport): Promise<Checksums> {
  const digests: Record<string, string> = {};
  for (const [index, { name, run }] of CHECKSUM_CASES.entries()) {
    workbench.progress.update(`checksum ${index + 1}/${CHECKSUM_CASES.length}: ${name}`);
    digests[name] = digestOf(await run());
    // WebGPU hands back zeros after a mistake.
    await settle();
  }
  return { adapter: nameOf(adapter), digests };
}

/** @throws ChecksumsUnreadable, FileUnreadable */
export async function readChecksums(path: string): Promise<Checksums> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    const { adapter, digests } = JSON.parse(text) as Checksums;
    if (typeof adapter === 'string' && typeof digests === 'object') return { adapter, digests };
  } catch {
    // Said below.
  }
  throw new ChecksumsUnreadable(path);
}

/** One line for every case that is not the same in both. @throws OtherAdapter */
export function differences(before: Checksums, after: Checksums): string[] {
  if (before.adapter !== after.adapter) throw new OtherAdapter(before.adapter, after.adapter);
  const names = new Set([...Object.keys(before.digests), ...Object.keys(after.digests)]);
  return [...names].flatMap((name) => {
    const [old, now] = [before.digests[name], after.digests[name]];
    if (old === now) return [];
    const what = old === undefined ? 'is new' : now === undefined ? 'is gone' : 'has other bits';
    return [`${name} ${what}`];
  });
}

/** Of the bits of all results, in order. */
export function digestOf(results: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of results) {
    hash.update(`${byteLength} `).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}

const nameOf = ({ vendor, architecture, description }: AdapterReport): string =>
  [vendor, architecture, description].filter(Boolean).join(', ');

export class ChecksumsDiffer extends RemedyError {
  override readonly name = 'ChecksumsDiffer';
  constructor(lines: readonly string[]) {
    super(
      [`${lines.length} cases differ:`, ...lines].join('\n'),
      'If the change is meant, take new checksums with --json; if not, look at what these kernels share.',
    );
  }
}

export class OtherAdapter extends RemedyError {
  override readonly name = 'OtherAdapter';
  constructor(before: string, after: string) {
    super(
      `The checksums are of "${before}", this adapter is "${after}".`,
      'Adapters round differently: take both on one adapter.',
    );
  }
}

export class ChecksumsUnreadable extends RemedyError {
  override readonly name = 'ChecksumsUnreadable';
  constructor(path: string) {
    super(`${path} holds no checksums.`, 'Name a file that `bench checksums --json FILE` wrote.');
  }
}
