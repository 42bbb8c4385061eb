// The model that answers, with everything its answers depend on besides its parameters: the features it was
// trained on, FBP's unit, the normalisation, and the trained fusion value.
import type { Statistics } from '../../lib/backbones/features';
import { STANDARD_TAPS } from '../../lib/backbones/taps';
import { describeFraming } from '../../lib/framing';
import { describeRange, type PixelRange } from '../../lib/images/pixelRange';
import { framingOf } from '../../settings/framing';
import { looksAtPixels } from '../../settings/methods';
import type { Params } from '../../settings/table';
import type { AnsweringModel } from '../../lib/scoring/answer';

export type { Statistics };

/** What makes two sets of features comparable; a model answers only for features of the same kind. */
export interface FeatureKind {
  /** Its id; PIXELS when the image itself is looked at. */
  backbone: string;
  /** Where features are taken; `standard` in files that do not say. */
  taps: string;
  /**
   * Tells two files of one architecture apart: `network` or, of projected features, `network+projection`
   * (Backbone.digest, projectionDigest). What a model's file does not say, all of it or the projection, may be any.
   */
  weights: string | null;
  /** Width of the input. */
  inputSize: number;
  /** Where it is not as high as wide. */
  inputHeight?: number;
  /** How images are brought to the input, in words (lib/framing.ts); absent for squashed ones. */
  framing?: string;
  project: boolean;
  /** What samples of more than eight bits were spread over; null where there were none, and in files that do not say. */
  range: PixelRange | null;
}

export interface ModelState extends AnsweringModel {
  features: FeatureKind;
  /** The trained w, or the fixed lambda; null for a method that fuses nothing. */
  fusionValue: number | null;
}

/** What of a backbone (backbones/registry.ts) makes its features another kind than those of its id alone. */
export interface WeightsInUse {
  readonly tapsText: string;
  readonly digest: string | null;
  readonly projectionDigest: string | null;
}

/** Stands where a backbone's id would: the "features" are the image's pixels. */
export const PIXELS = 'pixels';

/** The kind of features that settings and the backbone in use give. */
export const featureKind = (
  params: Params,
  { tapsText: taps, digest, projectionDigest }: WeightsInUse,
  range: PixelRange | null,
): FeatureKind => {
  const { method, backbone, project } = params;
  const frame = frameOf(params);
  if (looksAtPixels(method))
    return { backbone: PIXELS, taps: STANDARD_TAPS, weights: null, ...frame, project: false, range };
  const weights = weightsName(project, digest, projectionDigest);
  return { backbone, taps, weights, ...frame, project, range };
};

/** What FeatureKind.weights says of weights with these digests. */
export const weightsName = (
  project: boolean,
  digest: string | null,
  projection: string | null,
): string | null => (project && digest !== null ? `${digest}+${projection ?? NO_PROJECTION}` : digest);

/** Where features should be projected and the weights bring nothing to do it with. */
const NO_PROJECTION = 'none';

/** What is as it always was is not named. */
function frameOf(params: Params): Pick<FeatureKind, 'inputSize' | 'inputHeight' | 'framing'> {
  const framing = framingOf(params);
  const { width, height } = framing;
  const how = describeFraming(framing);
  return { inputSize: width, ...(height !== width && { inputHeight: height }), ...(how && { framing: how }) };
}

/** Whether two kinds look at the same pixels of an image. */
export const sameFrame = (a: FeatureKind, b: FeatureKind): boolean =>
  a.inputSize === b.inputSize && a.inputHeight === b.inputHeight && a.framing === b.framing;

export const sameKind = (a: FeatureKind, b: FeatureKind): boolean =>
  a.backbone === b.backbone &&
  a.taps === b.taps &&
  sameWeights(a.weights, b.weights) &&
  sameFrame(a, b) &&
  a.project === b.project &&
  sameRange(a, b);

/** Files of before say nothing of the projection, or nothing at all. */
export function sameWeights(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true;
  const [network, projection] = a.split('+');
  const [otherNetwork, otherProjection] = b.split('+');
  return network === otherNetwork && (!projection || !otherProjection || projection === otherProjection);
}

const sameRange = ({ range: a }: FeatureKind, { range: b }: FeatureKind): boolean =>
  a === null || b === null || (a[0] === b[0] && a[1] === b[1]);

const heightOf = ({ inputSize, inputHeight = inputSize }: FeatureKind): number => inputHeight;

/** In what two kinds differ, in words; null when they do not. */
export function differenceOf(trained: FeatureKind, now: FeatureKind): string | null {
  if (trained.backbone !== now.backbone) return `another backbone (${trained.backbone}, not ${now.backbone})`;
  if (trained.taps !== now.taps) return `other feature taps (${trained.taps}, not ${now.taps})`;
  if (trained.inputSize !== now.inputSize)
    return `another input size (${trained.inputSize}, not ${now.inputSize} px)`;
  if (trained.inputHeight !== now.inputHeight)
    return `another input height (${heightOf(trained)}, not ${heightOf(now)} px)`;
  if (trained.framing !== now.framing)
    return `images of another shape (${trained.framing ?? 'squash'}, not ${now.framing ?? 'squash'})`;
  if (trained.project !== now.project)
    return trained.project ? 'projected features' : 'features without projection';
  if (!sameRange(trained, now))
    return `another range of pixel values (${describeRange(trained.range!)}, not ${describeRange(now.range!)})`;
  return sameKind(trained, now) ? null : `another weights file of ${now.backbone}`;
}
