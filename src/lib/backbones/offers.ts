// What each backbone would cost, for the choice before anything is fetched. All of it follows from the tables; only the
// size of the whole published file is a fact of its own.
import { costOf, type Cost } from './cost';
import { isPublished, parseBackboneId, weightsOf, type Licence } from './hubTable';
import { BACKBONE_IDS, defaultTaps } from './table';
import { planForTaps, possibleTaps, STANDARD_TAPS, tapOffers, type TapOffer } from './taps';

export interface BackboneCost extends Cost {
  /** As asked for: an architecture, with or without a tag. */
  id: string;
  /** The published weights that are meant, with their tag; null when none are published. */
  published: string | null;
  licence: Licence | null;
  /** Whether the digest of the published file is known: then all of it is fetched, and checked. */
  pinned: boolean;
  /** Where features can be taken. */
  stages: TapOffer[];
  /** The standard taps of this architecture. */
  standard: string[];
  /** The taps that the costs are for: those asked for, or the standard ones where it does not have them. */
  taps: string;
  /** About the size of the whole published file, stored as float32; null where there is none. */
  fileBytes: number | null;
}

/** Parameters of the whole classifiers in millions, as timm lists them. */
const WHOLE_MILLIONS: Readonly<Record<string, number>> = {
  efficientnet_b0: 5.29,
  efficientnet_b1: 7.79,
  efficientnet_b2: 9.11,
  efficientnet_b3: 12.23,
  efficientnet_b4: 19.34,
  efficientnet_b5: 30.39,
  efficientnet_b6: 43.04,
  efficientnet_b7: 66.35,
  mobilenetv2_100: 3.5,
  resnet18: 11.69,
  resnet50: 25.56,
  wide_resnet50_2: 68.88,
  vit_small_patch14_dinov2: 22.06,
  vit_small_patch14_reg4_dinov2: 22.06,
  vit_base_patch14_dinov2: 86.58,
  vit_base_patch14_reg4_dinov2: 86.58,
};
const BYTES_PER_FLOAT = 4;

/** @param size input pixels per side. @param wanted taps. @throws UnknownBackbone */
export function backboneCost(id: string, size: number, wanted?: string): BackboneCost {
  const { architecture } = parseBackboneId(id);
  const taps = possibleTaps(architecture, wanted ?? STANDARD_TAPS);
  const weights = isPublished(id) ? weightsOf(id) : null;
  const millions = WHOLE_MILLIONS[architecture.replace(/^tf_/, '')];
  return {
    id,
    published: weights && `${architecture}.${weights.tag}`,
    licence: weights && weights.licence,
    pinned: weights !== null && weights.sha256 !== null,
    fileBytes: weights && millions ? millions * 1e6 * BYTES_PER_FLOAT : null,
    stages: tapOffers(architecture),
    standard: defaultTaps(architecture),
    taps,
    ...costOf(planForTaps(architecture, taps), size),
  };
}

/** The whole family, and the wanted one first when it is none of them (weights with a tag of their own). */
export function familyIds(wanted: string | null): string[] {
  const known = wanted !== null && BACKBONE_IDS.includes(parseBackboneId(wanted).architecture);
  return known && !BACKBONE_IDS.includes(wanted) ? [wanted, ...BACKBONE_IDS] : [...BACKBONE_IDS];
}
