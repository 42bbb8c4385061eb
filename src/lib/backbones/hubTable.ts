// Which weights are published for each architecture on the Hugging Face Hub (timm/<architecture>.<tag>), and how
// each wants its input normalised. Facts from timm's own configuration; no code path depends on a tag.
import { UnknownTag } from './errors';

export type Channels3 = readonly [number, number, number];

/** Per-channel statistics of the training images, in units of [0, 1] pixel values. */
export interface Normalisation {
  mean: Channels3;
  std: Channels3;
}

export type Licence = 'apache-2.0' | 'bsd-3-clause' | 'cc-by-nc-4.0';

export interface PublishedWeights {
  tag: string;
  /** Side of the training images, in pixels. */
  size: number;
  normalisation: Normalisation;
  licence: Licence;
  /** SHA-256 of the whole published file (model.safetensors, revision main); null: not known yet. */
  sha256: string | null;
}

/**
 * Digests that several independent public records of the file agree on. One that stands here is what a download must have,
 * the first one too; for the others the first download is remembered (hub/keptWeights.ts).
 */
const FILE_SHA256: Readonly<Record<string, string>> = {
  'efficientnet_b0.ra_in1k': 'd569899762ea9b1384ee07f4af64805cf8caa1c55f9253ebb1080dc40e87a2cd',
  'resnet18.a1_in1k': '80c49dee3da4822c009c5a7fe591e9223c5a2cfcf95a4067ca4dfb5a7b89c612',
  'resnet50.a1_in1k': '773525d5821de224f8f30c33377b7a795d7863e08522698200d3217d3f2a41bb',
  'wide_resnet50_2.tv_in1k': 'df6fb6c4824769769de18e14088475fd6ee94236849aa4e5d8022ba9d9a9a16c',
};

export const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Pixel values mapped to [-1, 1]. */
export const CENTRED: Normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

type Row = Omit<PublishedWeights, 'sha256'>;

const weights = (
  tag: string,
  size: number,
  normalisation = IMAGENET,
  licence: Licence = 'apache-2.0',
): Row => ({ tag, size, normalisation, licence });

const imagenet = (size: number, tags: string[], licence?: Licence): Row[] =>
  tags.map((tag) => weights(tag, size, IMAGENET, licence));

/** The four TensorFlow recipes; AutoAugment (`aa`) first, the paper's. */
const tensorflow = (size: number, more: string[] = []): Row[] => [
  ...imagenet(size, ['aa_in1k', ...more]),
  weights('ap_in1k', size, CENTRED),
  ...imagenet(size, ['ns_jft_in1k']),
];

// The first of a row is the one meant when no tag is given.
const ROWS: Record<string, Row[]> = {
  efficientnet_b0: [weights('ra_in1k', 224), weights('ra4_e3600_r224_in1k', 224, CENTRED)],
  efficientnet_b1: [weights('ft_in1k', 224), weights('ra4_e3600_r240_in1k', 240, CENTRED)],
  efficientnet_b2: [weights('ra_in1k', 256)],
  efficientnet_b3: [weights('ra2_in1k', 288)],
  efficientnet_b4: [weights('ra2_in1k', 320)],
  efficientnet_b5: [weights('sw_in12k_ft_in1k', 448), weights('sw_in12k', 416)],
  efficientnet_b6: [],
  efficientnet_b7: [],
  tf_efficientnet_b0: tensorflow(224, ['in1k']),
  tf_efficientnet_b1: tensorflow(240, ['in1k']),
  tf_efficientnet_b2: tensorflow(260, ['in1k']),
  tf_efficientnet_b3: tensorflow(300, ['in1k']),
  tf_efficientnet_b4: tensorflow(380, ['in1k']),
  tf_efficientnet_b5: tensorflow(456, ['ra_in1k', 'in1k']),
  tf_efficientnet_b6: tensorflow(528),
  tf_efficientnet_b7: tensorflow(600, ['ra_in1k']),
  mobilenetv2_100: [weights('ra_in1k', 224)],
  resnet18: [
    ...imagenet(224, ['a1_in1k', 'a2_in1k', 'gluon_in1k']),
    weights('a3_in1k', 160),
    ...imagenet(224, ['tv_in1k'], 'bsd-3-clause'),
    ...imagenet(224, ['fb_ssl_yfcc100m_ft_in1k', 'fb_swsl_ig1b_ft_in1k'], 'cc-by-nc-4.0'),
  ],
  resnet50: [
    ...imagenet(224, ['a1_in1k', 'a2_in1k', 'b1k_in1k', 'b2k_in1k', 'c1_in1k', 'c2_in1k', 'd_in1k']),
    ...imagenet(224, ['ram_in1k', 'am_in1k', 'ra_in1k', 'bt_in1k', 'gluon_in1k']),
    weights('a1h_in1k', 176),
    weights('a3_in1k', 160),
    ...imagenet(224, ['tv_in1k'], 'bsd-3-clause'),
    ...imagenet(176, ['tv2_in1k'], 'bsd-3-clause'),
    ...imagenet(224, ['fb_ssl_yfcc100m_ft_in1k', 'fb_swsl_ig1b_ft_in1k'], 'cc-by-nc-4.0'),
  ],
  // torchvision's first: PatchCore's and PaDiM's own backbone.
  wide_resnet50_2: [
    ...imagenet(224, ['tv_in1k'], 'bsd-3-clause'),
    weights('racm_in1k', 224),
    ...imagenet(176, ['tv2_in1k'], 'bsd-3-clause'),
  ],
  ...Object.fromEntries(
    ['vit_small_patch14', 'vit_small_patch14_reg4', 'vit_base_patch14', 'vit_base_patch14_reg4'].map(
      (name) => [`${name}_dinov2`, imagenet(518, ['lvd142m'])],
    ),
  ),
};

const PUBLISHED: Record<string, PublishedWeights[]> = Object.fromEntries(
  Object.entries(ROWS).map(([architecture, rows]) => [
    architecture,
    rows.map((row) => ({ ...row, sha256: FILE_SHA256[`${architecture}.${row.tag}`] ?? null })),
  ]),
);

/** All published weights of an architecture, the preferred first; empty when there are none. */
export function publishedWeights(architecture: string): readonly PublishedWeights[] {
  return Object.hasOwn(PUBLISHED, architecture) ? PUBLISHED[architecture]! : [];
}

/** `tf_efficientnet_b6.ap_in1k` -> architecture and tag; the tag is optional. */
export function parseBackboneId(id: string): { architecture: string; tag: string | null } {
  const dot = id.indexOf('.');
  return dot < 0
    ? { architecture: id, tag: null }
    : { architecture: id.slice(0, dot), tag: id.slice(dot + 1) };
}

/** Whether weights are published under an id, with or without its tag. */
export function isPublished(id: string): boolean {
  const { architecture, tag } = parseBackboneId(id);
  return publishedWeights(architecture).some((published) => tag === null || tag === published.tag);
}

/**
 * The published weights an id means: its tag's, or the preferred ones; null when none are published.
 * @throws UnknownTag when the tag is not among the published.
 */
export function weightsOf(id: string): PublishedWeights | null {
  const { architecture, tag } = parseBackboneId(id);
  const published = publishedWeights(architecture);
  if (tag === null) return published[0] ?? null;
  const found = published.find((candidate) => candidate.tag === tag);
  if (!found) throw new UnknownTag(architecture, tag, published.map((candidate) => candidate.tag)); // prettier-ignore
  return found;
}

/** How weights want their input: the published statistics, or ImageNet's for weights that are not published. */
export function normalisationOf(id: string): Normalisation {
  return weightsOf(id)?.normalisation ?? IMAGENET;
}
