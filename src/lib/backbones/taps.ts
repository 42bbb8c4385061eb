// Which blocks' feature maps are used, as people name them and as the network needs them. A tap is a stage (`blocks.2`,
// `layer3`: its last block) or a single block (`blocks.2.1`). The default follows METHOD section 1: strides 8 and 16.
import { UnknownTap } from './errors';
import { blockOfTap, channelsOf, cutAfter, stagesOf, strideOf, type Plan } from './plan';
import { defaultTaps, wholePlan } from './table';

/** How settings name the default of whatever architecture is chosen. */
export const STANDARD_TAPS = 'standard';

/** A place where features can be taken. */
export interface TapOffer {
  name: string;
  /** Input pixels per cell of its map, per side. */
  stride: number;
  channels: number;
}

/**
 * The taps that a text means, the finest first, each place once.
 * @param wanted `standard`, or stages and blocks separated by commas: `blocks.1,blocks.2,blocks.4`
 * @throws UnknownBackbone; UnknownTap when a place does not exist or none is named
 */
export function resolveTaps(architecture: string, wanted: string = STANDARD_TAPS): string[] {
  if (wanted === STANDARD_TAPS) return defaultTaps(architecture);
  const plan = wholePlan(architecture);
  const names = wanted
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UnknownTap(architecture, '', stagesOf(plan));
  const places = new Set(names.map((name) => placeOf(architecture, plan, name)));
  return [...places].sort((a, b) => a - b).map((place) => nameOf(plan, place));
}

/** The one text that stands for these taps, so that equal ones compare as equal. @throws like resolveTaps */
export function tapsText(architecture: string, wanted: string): string {
  const text = resolveTaps(architecture, wanted).join(',');
  return text === defaultTaps(architecture).join(',') ? STANDARD_TAPS : text;
}

/** The wanted taps where the architecture has them, else the default. @throws UnknownBackbone */
export function possibleTaps(architecture: string, wanted: string): string {
  try {
    return tapsText(architecture, wanted);
  } catch (error) {
    if (error instanceof UnknownTap) return STANDARD_TAPS;
    throw error;
  }
}

/** The plan up to the deepest of these taps: what has to be fetched, kept and run. @throws like resolveTaps */
export function planForTaps(architecture: string, wanted?: string): Plan {
  return cutAfter(wholePlan(architecture), resolveTaps(architecture, wanted).at(-1)!);
}

/** All stages of an architecture with what they give. @throws UnknownBackbone */
export function tapOffers(architecture: string): TapOffer[] {
  const plan = wholePlan(architecture);
  return stagesOf(plan).map((name) => ({
    name,
    stride: strideOf(plan, name),
    channels: channelsOf(plan, name),
  }));
}

function placeOf(architecture: string, plan: Plan, name: string): number {
  const place = blockOfTap(plan, name);
  if (place < 0) throw new UnknownTap(architecture, name, stagesOf(plan));
  return place;
}

/** The last block of a stage goes by the stage's name. */
function nameOf({ blocks }: Plan, place: number): string {
  const { name, stage } = blocks[place]!;
  return blocks[place + 1]?.stage === stage ? name : stage;
}
