// The presets: named fillings of the parameter table, nothing else. Sources: the paper's public settings
// (`paper`), its journal version (`journal`), its public code's values where both leave them open or differ (`author`),
// CRAD's evaluation (`crad`), AnomalyDINO (`few-shot`); `demo`, `balanced` and `dino` are ours.
import { defaultParams, type Params } from './table';

export type PresetName = Params['preset'];

/** One block a batch, 8 to 16 in the unit of the features; the refinement's k is the raw 10. */
const PUBLIC = {
  fbpRecipe: 'per-batch',
  fbpUnit: 'raw',
  fbpIntensityMin: 8,
  fbpIntensityMax: 16,
  near: 'raw',
} as const satisfies Partial<Params>;

/** The published network and how long it is trained. */
const PUBLISHED = {
  inputSize: 256,
  backbone: 'tf_efficientnet_b6',
  project: false,
  decoder: 'basic',
  blocks: 9,
  epochs1: 50,
  epochs2: 50,
  batch: 16,
  ...PUBLIC,
} as const satisfies Partial<Params>;

export const PRESETS: Record<PresetName, Partial<Params>> = {
  demo: {},
  balanced: {
    inputSize: 256,
    backbone: 'efficientnet_b0',
    project: false,
    blocks: 2,
    expansion: 2,
    epochs1: 8,
    epochs2: 48,
    near: 'quantile',
  },
  crad: {
    inputSize: 224,
    backbone: 'tf_efficientnet_b4',
    project: false,
    blocks: 11,
    expansion: 2,
    method: 'normal-grid',
    epochs1: 0,
    epochs2: 50,
    batch: 16,
    near: 'raw',
    smooth: 'crad',
  },
  paper: { ...PUBLISHED, localGrid: 8, globalGrid: 8 },
  journal: { ...PUBLISHED, localGrid: 32, globalGrid: 4 },
  author: {
    ...PUBLISHED,
    localGrid: 8,
    globalGrid: 8,
    gradStart: 'public',
    contrastive: 'public',
    gridJitter: 'shared',
    gradLoss: 'after',
  },
  dino: {
    inputSize: 392,
    backbone: 'vit_small_patch14_reg4_dinov2',
    project: false,
    // The two blocks' channels differ by far in size.
    normalise: true,
    blocks: 2,
    expansion: 2,
    epochs1: 8,
    epochs2: 48,
    // Of vectors of length one no error comes near the raw 10.
    near: 'quantile',
  },
  'few-shot': {
    inputSize: 448,
    backbone: 'vit_small_patch14_dinov2',
    taps: 'norm',
    project: false,
    method: 'patchcore',
    coresetPercent: 100,
    // Four images with all their turns, or as many patches of more, drawn at random.
    coresetPool: 32768,
    patchcoreScore: 'top',
    patchcoreDistance: 'cosine',
    patchcoreTurns: true,
  },
};

/** What a preset leaves alone: the data, the seed, the pasted block and the view. */
const KEPT_GROUPS = ['data', 'fbp', 'view'] as const;
export const isKeptGroup = (group: string) => (KEPT_GROUPS as readonly string[]).includes(group);

/** All parameters of a preset, the rest at their defaults. */
export function presetParams(preset: PresetName): Params {
  return { ...defaultParams(), ...PRESETS[preset], preset };
}

/**
 * Optimiser steps of stage 1 and 2 that settings come to on so many training images: what a length in epochs means
 * depends on them.
 */
export function stepsOf(
  { epochs1, epochs2, batch }: Pick<Params, 'epochs1' | 'epochs2' | 'batch'>,
  images: number,
): [number, number] {
  const steps = Math.ceil(images / batch);
  return [epochs1 * steps, epochs2 * steps];
}
