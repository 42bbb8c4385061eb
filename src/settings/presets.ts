// The presets: named fillings of the parameter table, nothing else. Sources: the paper's public settings
// (`paper`), its journal version (`journal`), CRAD's evaluation (`crad`), AnomalyDINO (`few-shot`); `demo`, `balanced` and `dino` are ours.
import { defaultParams, type Params } from './table';

export type PresetName = Params['preset'];

const PUBLIC_FBP = { fbpRecipe: 'per-batch' } as const;

export const PRESETS: Record<PresetName, Partial<Params>> = {
  demo: {},
  balanced: {
    inputSize: 256,
    backbone: 'efficientnet_b0',
    project: false,
    blocks: 2,
    expansion: 2,
    epochs1: 8,
    epochs2: 15,
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
    smooth: 'crad',
  },
  paper: {
    inputSize: 256,
    backbone: 'tf_efficientnet_b6',
    project: false,
    decoder: 'basic',
    blocks: 9,
    localGrid: 8,
    globalGrid: 8,
    epochs1: 50,
    epochs2: 50,
    batch: 16,
    ...PUBLIC_FBP,
  },
  journal: {
    inputSize: 256,
    backbone: 'tf_efficientnet_b6',
    project: false,
    decoder: 'basic',
    blocks: 9,
    localGrid: 32,
    globalGrid: 4,
    epochs1: 50,
    epochs2: 50,
    batch: 16,
    ...PUBLIC_FBP,
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
    epochs2: 15,
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
