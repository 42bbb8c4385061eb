// Real anomalous images with ground truth, as stage 1 learns from them in the supervised variant: their features as the
// store has them, their masks on the cells of the feature map. They lie on the training side, so no figure counts them.
import { maskOnCells } from '../../lib/images/synthetic/drawing';
import type { Anomalies } from '../../lib/methods/grad/anomalies';
import type { Random } from '../../lib/nn/random';
import { NoRealAnomalies } from '../api/errors';
import type { HeldFeatures } from '../features/heldFeatures';
import type { ImageStore } from '../features/imageStore';
import { anomaliesAt, type AnomalousImages } from '../features/maskedFeatures';
import type { ImageId } from '../api/types';

/** Which real anomalies a run learns from. */
export interface RealAnomalyList {
  kind: 'masks';
  ids: readonly ImageId[];
  /** Checksum of their masks in an earlier part of the run; absent when it begins. */
  masks?: number;
}

/** Masks on cells, of the images where anything is marked. */
export interface CellMasks {
  ids: ImageId[];
  /** H * W values each, 0 or 1. */
  masks: Float32Array[];
}

/**
 * A cell is anomalous where at least half of its pixels are; a defect smaller than that marks the cell that it covers
 * most. An image whose mask marks nothing is left out.
 * @throws NoRealAnomalies when none is left
 */
export async function readCellMasks(
  images: Pick<ImageStore, 'partMask'>,
  ids: readonly ImageId[],
  { height, width }: { height: number; width: number },
): Promise<CellMasks> {
  const found: CellMasks = { ids: [], masks: [] };
  for (const id of ids) {
    const mask = await images.partMask(id);
    const cells = mask && maskOnCells(mask, height, width);
    if (!cells?.includes(1)) continue;
    found.ids.push(id);
    found.masks.push(cells);
  }
  if (found.ids.length === 0) throw new NoRealAnomalies();
  return found;
}

/** FNV-1a over the masks in their order: whether a run goes on with what it began with. */
export function checksumOf(masks: readonly Float32Array[]): number {
  let sum = 0x811c9dc5;
  for (const mask of masks) {
    for (const value of mask) sum = Math.imul(sum ^ value, 0x01000193);
    // So that where one mask ends and the next begins counts too.
    sum = Math.imul(sum ^ 2, 0x01000193);
  }
  return sum >>> 0;
}

export class RealAnomalies implements AnomalousImages {
  /** @param held in the order of `masks` */
  constructor(
    private readonly held: HeldFeatures,
    private readonly masks: readonly Float32Array[],
  ) {}

  /** Images drawn at random, with replacement: there are often fewer than a batch has places. */
  anomalous(indices: readonly number[], random: Random): Anomalies {
    const drawn = indices.map(() => random.int(0, this.masks.length - 1));
    return anomaliesAt(this.held, this.masks, drawn);
  }

  release(how: { lost: boolean }): void {
    this.held.release(how);
  }
}
