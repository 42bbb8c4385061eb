// Where the line between normal and anomalous comes from, as the command line asks for it with --threshold, and the share of
// normal images that is held out for it. The formulas are src/lib/scoring/metrics/threshold.ts.
import type { ScoreTable, SetNotice } from '../engine/api/types';
import { evidenceOf, syntheticThreshold } from '../lib/scoring/metrics/syntheticThreshold';
import { quantileThreshold, thresholdByHand, type Threshold } from '../lib/scoring/metrics/threshold';
import { Random } from '../lib/nn/random';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import { isVisible, TRIAL_BLOCKS } from '../settings/trialBlocks';
import type { Dataset, DatasetImage } from './data/dataset';
import { BadFlag, UnfitData } from './errors';
import type { Workbench } from './bench/workbench';

/** What --threshold asks for. */
export type ThresholdRequest =
  | { from: 'f1' }
  | { from: 'quantile'; q: number }
  | { from: 'synthetic' }
  | { from: 'hand'; value: number };

/** Share that is held out when the line has to come from normal images, there are no others, and nothing else is said. */
export const HELD_OUT = 0.2;

export const THRESHOLD_HELP =
  'Where the line between normal and anomalous comes from: f1 (labelled test images), quantile:0.99 (that share of held-out normal images lies below it), synthetic (pasted blocks), or a number. (default: f1 where there are labels, else the largest normal score)';
export const HOLD_OUT_HELP = `Share of the normal training images that is scored but not trained on. (default: ${HELD_OUT} with a quantile, and with synthetic where there are no normal test images, else none)`;

const FORMS = 'Give f1, quantile:0.99 (any share from 0 to 1), synthetic, or a number.';

/** @throws BadFlag */
export function readThreshold(raw: string): ThresholdRequest {
  if (raw === 'f1' || raw === 'synthetic') return { from: raw };
  const [kind, share] = raw.split(':');
  if (kind === 'quantile' && share !== undefined) {
    const q = numberIn(share);
    if (q >= 0 && q <= 1) return { from: 'quantile', q };
    throw new BadFlag('threshold', raw, 'names no share between 0 and 1', FORMS);
  }
  const value = numberIn(raw);
  if (Number.isFinite(value)) return { from: 'hand', value };
  throw new BadFlag('threshold', raw, 'is no source of a threshold', FORMS);
}

/** @throws BadFlag */
export function readHoldOut(raw: string): number {
  const share = numberIn(raw);
  if (share > 0 && share < 1) return share;
  throw new BadFlag(
    'hold-out',
    raw,
    'is no share above 0 and below 1',
    'Give a share, as in --hold-out 0.2.',
  );
}

/** Number('') would be 0. */
const numberIn = (raw: string): number => (raw.trim() === '' ? NaN : Number(raw));

/** As files keep it. */
export function describeRequest(asked: ThresholdRequest | null): string | null {
  if (asked?.from === 'quantile') return `quantile:${asked.q}`;
  return asked?.from === 'hand' ? String(asked.value) : (asked?.from ?? null);
}

/**
 * The share to hold out: as the flags say, and where blocks are pasted and nothing was said, some if there are no normal
 * test images. Scores of images that were trained on are too low, and so is a line beside them.
 */
export function shareHeldOut(
  asked: ThresholdRequest | null,
  share: number | null,
  tested: readonly Pick<DatasetImage, 'label'>[] = [],
): number | null {
  if (share !== null || asked?.from !== 'synthetic') return share;
  return tested.some(({ label }) => label === 0) ? null : HELD_OUT;
}

/**
 * Splits the training images: a seeded share, at least one image, is not trained on. The same seed holds out the same.
 * The images of a validation folder were never among them: where there are some, they are the ones held out.
 * @param share in (0, 1); null holds nothing out
 * @throws UnfitData when nothing would be left to train on
 */
export function holdOut(
  { train, validation = [] }: Pick<Dataset, 'train'> & Partial<Pick<Dataset, 'validation'>>,
  share: number | null,
  seed: number,
): { train: DatasetImage[]; heldOut: DatasetImage[] } {
  if (validation.length > 0) return { train, heldOut: validation };
  if (share === null) return { train, heldOut: [] };
  const count = Math.max(1, Math.round(share * train.length));
  if (count >= train.length) {
    throw new UnfitData(
      `Of ${train.length} training image${train.length === 1 ? '' : 's'} none would be left to train on.`,
      'Give more training images, a smaller --hold-out, or another --threshold.',
    );
  }
  const drawn = new Set(Random.stream(seed, 'hold out').permutation(train.length).slice(0, count));
  return {
    train: train.filter((_, i) => !drawn.has(i)),
    heldOut: train.filter((_, i) => drawn.has(i)),
  };
}

/** What a line can be drawn from. */
export interface Scored {
  params: Params;
  table: ScoreTable;
  /** Ids of normal images that were not trained on. */
  heldOut: readonly string[];
  /** Ids of the normal images that stand beside the pasted ones where none are held out. */
  normal: readonly string[];
}

/**
 * The line that was asked for; when nothing was asked for, the engine's suggestion.
 * @throws UnfitData where there is nothing to draw it from; what pasting blocks throws
 */
export async function chooseThreshold(
  workbench: Workbench,
  asked: ThresholdRequest | null,
  scored: Scored,
): Promise<Threshold | null> {
  const { table } = scored;
  if (!asked) return table.threshold;
  if (asked.from === 'hand') return thresholdByHand(asked.value);
  if (asked.from === 'quantile') {
    const normal = scoresOf(table, scored.heldOut);
    const line = found(quantileThreshold(normal, asked.q), 'no normal images were held out');
    return { ...line, evidence: evidenceOf(line.value, normal) };
  }
  if (asked.from === 'synthetic') return await fromPastedBlocks(workbench, scored);
  const labelled = table.threshold?.source === 'labelled test images' ? table.threshold : null;
  return found(labelled, 'the test images are not of both kinds, normal and anomalous');
}

/** A quantile beyond the second largest of its images is their largest score. @param images it is taken of */
export function quantileNotices(asked: ThresholdRequest | null, images: number): SetNotice[] {
  if (asked?.from !== 'quantile' || asked.q >= 1 || images * (1 - asked.q) >= 1) return [];
  const needed = Math.ceil(1 / (1 - asked.q) - 1e-9);
  const text = `The ${asked.q} quantile of ${images} held-out image${images === 1 ? '' : 's'} is little else than the largest score among them: it needs ${needed} or more.`;
  return [{ kind: 'few-for-quantile', text, images: [] }];
}

async function fromPastedBlocks(
  workbench: Workbench,
  { params, table, heldOut, normal }: Scored,
): Promise<Threshold | null> {
  // The blocks depend on nothing but this seed: the page draws the same.
  const pasted = await workbench.call('pasteBlocks', { ...TRIAL_BLOCKS, seed: 0, ...scoringOf(params) });
  const scores = pasted.trials.filter(({ block }) => isVisible(block)).map(({ score }) => score);
  const line = syntheticThreshold(scoresOf(table, heldOut.length > 0 ? heldOut : normal), scores);
  return found(line, 'no normal image has a score, or no block fits on the map');
}

/** @throws UnfitData */
function found(threshold: Threshold | null, reason: string): Threshold {
  if (threshold) return threshold;
  throw new UnfitData(
    `There is no threshold of this kind: ${reason}.`,
    'Choose another --threshold, or add the images it needs.',
  );
}

function scoresOf({ images }: ScoreTable, ids: readonly string[]): number[] {
  const wanted = new Set(ids);
  return images.filter(({ id }) => wanted.has(id)).map(({ score }) => score);
}

/** Ids of normal images of the test side, else of the training side: those that the engine pastes blocks into. */
export function normalIds(images: readonly DatasetImage[]): string[] {
  const normal = images.filter(({ label }) => label === 0);
  const test = normal.filter(({ split }) => split === 'test');
  const trained = normal.filter(({ split }) => split === 'train');
  return (test.length > 0 ? test : trained).map(({ path }) => path);
}
