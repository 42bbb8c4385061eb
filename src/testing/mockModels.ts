// The fake engine's models: a method and a seed, which give every map a quirk of its own, so that methods can be told
// apart; and the blocks it pastes.
import type { Calls, PastedTrial } from '../engine/api/types';
import { Random } from '../lib/nn/random';
import type { Params } from '../settings/table';
import { SIDE } from './mockFeatures';

export type Taught = Pick<Params, 'method' | 'seed' | 'lambda' | 'localGrid'> | null;

export const NOTHING_TAUGHT: Taught = null;

export const taughtBy = ({ method, seed, lambda, localGrid }: Params): Taught => ({
  method,
  seed,
  lambda,
  localGrid,
});

export const fileOf = (taught: Taught): ArrayBuffer =>
  new TextEncoder().encode(JSON.stringify(taught).padEnd(16)).buffer;

/** What is no such file teaches nothing. */
export function readTaught(file: ArrayBuffer): Taught {
  try {
    return JSON.parse(new TextDecoder().decode(file)) as Taught;
  } catch {
    return NOTHING_TAUGHT;
  }
}

/** A factor around 1, the same for the same model, image and cell. GRAD with the first seed has none. */
export function quirkOf(taught: Taught, image: string, cell: number): number {
  if (!taught || (taught.method === 'grad' && taught.seed === 0)) return 1;
  const random = Random.stream(taught.seed + cell, `${JSON.stringify(taught)} ${image}`);
  return 0.75 + 0.5 * random.uniform();
}

/** Blocks as the real engine draws them, on a map of this size. */
export function mockTrials(
  {
    sizes,
    intensities,
    trials,
    seed,
  }: Pick<Calls['pasteBlocks']['in'], 'sizes' | 'intensities' | 'trials' | 'seed'>,
  images: readonly string[],
): Omit<PastedTrial, 'score'>[] {
  const random = Random.stream(seed, 'pasted');
  return sizes
    .filter((size) => 2 * size < SIDE)
    .flatMap((size) =>
      Array.from({ length: trials }, (_, i) => {
        const place = { x: random.int(size, SIDE - 1 - size), y: random.int(size, SIDE - 1 - size) };
        const block = { shape: 'walk' as const, size, ...place, seed: i, steps: 2 * size };
        return intensities.map((intensity) => ({
          image: images[i % images.length]!,
          block: { ...block, intensity },
        }));
      }).flat(),
    );
}
