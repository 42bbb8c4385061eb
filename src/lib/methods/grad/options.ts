// GRAD's options with the paper's symbols, units, ranges and defaults, and what the sources of its anomalies need. Light:
// no tensors here. What a model and its training make of them: config.ts.
import { BATCH, choice, int, num, type OptionRows, type OptionValues } from '../options';

/** GRAD, and each of its grids alone. */
export const GRID_METHODS = ['grad', 'normal-grid', 'abnormal-grid'] as const;
export type GridMethod = (typeof GRID_METHODS)[number];

export const GRAD_ROWS = {
  decoder: choice({
    label: 'Decoder',
    help: 'The small network that turns what the grids answer back into features.',
    group: 'model',
    url: 'dec',
    flag: 'decoder',
    default: 'mobile',
    options: [
      { value: 'mobile', label: 'Mobile', help: 'Inverted bottlenecks; light.' },
      { value: 'basic', label: 'Basic', help: 'Residual 3 × 3 blocks as in the paper; heavy.' },
    ],
  }),
  blocks: int({
    label: 'Decoder blocks',
    help: 'How many blocks each branch’s decoder has.',
    group: 'model',
    url: 'blocks',
    flag: 'blocks',
    default: 1,
    min: 1,
    max: 16,
  }),
  expansion: num({
    label: 'Expansion',
    help: 'Width inside a mobile block, as a multiple of its input width.',
    group: 'model',
    url: 'exp',
    flag: 'expansion',
    default: 1,
    min: 0.25,
    max: 4,
    step: 0.25,
  }),
  localGrid: int({
    label: 'Local grid',
    term: 'R_l',
    help: 'Cells per side of the grid that each pixel looks up.',
    group: 'model',
    url: 'rl',
    flag: 'local-grid',
    default: 8,
    min: 2,
    max: 64,
  }),
  globalGrid: int({
    label: 'Global grid',
    term: 'R_g',
    help: 'Cells per side of the grid that each whole image looks up.',
    group: 'model',
    url: 'rg',
    flag: 'global-grid',
    default: 4,
    min: 2,
    max: 16,
  }),
  fusion: choice({
    label: 'Fusion',
    help: 'How the two branches are added: a learned weight w on the abnormal branch, or the paper’s fixed lambda.',
    group: 'model',
    url: 'fuse',
    flag: 'fusion',
    default: 'w',
    options: [
      { value: 'w', label: 'learned w', help: 'x = x_n + w · x_a, w learned in stage 2.' },
      { value: 'lambda', label: 'fixed lambda', help: 'x = lambda · x_n + (1 - lambda) · x_a (equation 2).' },
    ],
  }),
  lambda: num({
    label: 'lambda',
    help: 'Share of the normal branch in the sum (equation 2), fixed before stage 2, whose output layers go on training and absorb it: one value says little more than another.',
    group: 'model',
    url: 'lambda',
    flag: 'lambda',
    default: 0.8,
    min: 0,
    max: 1,
    step: 0.01,
  }),
  near: choice({
    label: 'Near',
    term: 'k',
    help: 'Up to which squared error a place counts as near in the refinement: a quantile of the errors on the training images, or the public code’s 10, which belongs to the raw features of one backbone.',
    group: 'model',
    url: 'near',
    flag: 'near',
    default: 'raw',
    options: [
      { value: 'raw', label: '10', help: 'The public code’s; on most backbones every place is near then.' },
      { value: 'quantile', label: 'quantile', help: 'Of the training images’ places; kept with the model.' },
    ],
  }),
  nearQuantile: num({
    label: 'Near, quantile',
    help: 'Share of the training images’ places that count as near.',
    group: 'model',
    url: 'nq',
    flag: 'near-quantile',
    unit: '%',
    default: 99,
    min: 1,
    max: 100,
    step: 0.1,
  }),
  gradCoordinates: choice({
    label: 'Coordinates',
    help: 'Whether both grids are looked up at the same coordinates.',
    group: 'model',
    url: 'co',
    flag: 'grad-coordinates',
    default: 'auto',
    options: [
      { value: 'auto', label: 'automatic', help: 'Shared; own where real defects teach.' },
      { value: 'shared', label: 'shared', help: 'One mapping for both, as in the paper.' },
      {
        value: 'copied',
        label: 'copied',
        help: 'Shared in stage 1, then each grid keeps a copy of its own.',
      },
      { value: 'own', label: 'own', help: 'A mapping for each grid from the start.' },
    ],
  }),
  gradGate: choice({
    label: 'Abnormal branch in the map',
    term: 'gate',
    help: 'How the abnormal branch is heard in the map, besides its share of the sum.',
    group: 'model',
    url: 'gate',
    flag: 'grad-gate',
    default: 'auto',
    options: [
      { value: 'auto', label: 'automatic', help: 'Not at all; added where real defects teach.' },
      { value: 'none', label: 'none', help: 'Equation 2 alone.' },
      {
        value: 'refine',
        label: 'in the refinement',
        help: 'Where it says anomalous, nothing is pulled towards the input.',
      },
      { value: 'sum', label: 'added', help: 'Map and channel 0, each standardised by the training images.' },
    ],
  }),
  gridWidth: choice({
    label: 'Size',
    help: 'Of the normal grid alone: with about as many parameters as both grids of GRAD, a fair opponent.',
    group: 'model',
    url: 'gw',
    flag: 'grid-width',
    default: 'single',
    options: [
      { value: 'single', label: 'one grid’s' },
      {
        value: 'double',
        label: 'both grids’',
        help: 'Twice the decoder blocks, twice the cells of the tables.',
      },
    ],
  }),
  epochs1: int({
    label: 'Stage 1',
    help: 'Passes over the training images while the abnormal branch learns pasted anomalies.',
    group: 'training',
    url: 'e1',
    unit: 'epochs',
    default: 6,
    min: 0,
    max: 500,
  }),
  epochs2: int({
    label: 'Stage 2',
    help: 'Passes over the training images while both branches together learn to rebuild normal features.',
    group: 'training',
    url: 'e2',
    unit: 'epochs',
    default: 48,
    min: 0,
    max: 500,
  }),
  batch: BATCH,
  learningRate: num({
    label: 'Learning rate',
    help: 'Step size of AdamW for everything but the grid tables.',
    group: 'training',
    url: 'lr',
    flag: 'lr',
    default: 1e-3,
    min: 1e-6,
    max: 1,
    step: 1e-4,
  }),
  gridLearningRate: num({
    label: 'Grid learning rate',
    help: 'Step size of AdamW for the grid tables.',
    group: 'training',
    url: 'glr',
    flag: 'grid-lr',
    default: 0.1,
    min: 1e-6,
    max: 10,
    step: 0.01,
  }),
  fbpIntensityMin: num({
    label: 'Training intensity, from',
    help: 'Weakest block pasted while training.',
    group: 'training',
    url: 'imin',
    flag: 'fbp-min',
    default: 16,
    min: 0,
    max: 200,
    step: 0.5,
  }),
  fbpIntensityMax: num({
    label: 'Training intensity, to',
    help: 'Strongest block pasted while training.',
    group: 'training',
    url: 'imax',
    flag: 'fbp-max',
    default: 32,
    min: 0,
    max: 200,
    step: 0.5,
  }),
  fbpUnit: choice({
    label: 'Unit of the training intensity',
    help: 'What the two intensities above are counted in.',
    group: 'training',
    url: 'iu',
    flag: 'fbp-unit',
    default: 'sigma',
    options: [
      { value: 'sigma', label: 'sigma', help: 'Standard deviation of the training features.' },
      { value: 'raw', label: 'raw', help: 'The features’ own, as in the public code.' },
    ],
  }),
  fbpDirection: choice({
    label: 'Direction of blocks',
    help: 'What a block does to the channels while training.',
    group: 'training',
    url: 'dir',
    flag: 'fbp-direction',
    default: 'ones',
    options: [
      { value: 'ones', label: 'the same for all', help: 'The paper’s: one shift in every channel.' },
      {
        value: 'random',
        label: 'random',
        help: 'A random direction for each block; the intensity counts standard deviations of each channel: 2 to 3 suits.',
      },
      {
        value: 'swap',
        label: 'swap',
        help: 'Features of another image and place, recoloured; no intensity.',
      },
    ],
  }),
  stage1Masks: choice({
    label: 'Masks of stage 1',
    help: 'Whether stage 1 is told where the anomalies are. Shuffled is a control: it trains as long and learns nothing true.',
    group: 'training',
    url: 's1m',
    flag: 'stage1-masks',
    default: 'true',
    options: [
      { value: 'true', label: 'true' },
      { value: 'shuffled', label: 'shuffled', help: 'Those of other images of the batch, moved.' },
    ],
  }),
  gradFreeze: choice({
    label: 'Frozen in stage 2',
    help: 'What of the abnormal branch stage 2 leaves alone.',
    group: 'training',
    url: 'frz',
    flag: 'grad-freeze',
    default: 'auto',
    options: [
      { value: 'auto', label: 'automatic', help: 'Its tables; the whole branch where real defects teach.' },
      {
        value: 'table',
        label: 'its tables',
        help: 'As in the paper; its decoder goes on learning and forgets.',
      },
      { value: 'branch', label: 'all of it', help: 'What stage 1 taught stays.' },
    ],
  }),
  gradLoss: choice({
    label: 'Loss of stage 2',
    help: 'Where the reconstruction error is taken.',
    group: 'training',
    url: 'gl',
    flag: 'grad-loss',
    default: 'before',
    options: [
      { value: 'before', label: 'before refinement', help: 'Equations 2 and 3.' },
      { value: 'after', label: 'after refinement', help: 'As in the public code.' },
    ],
  }),
  gradStart: choice({
    label: 'Start values',
    help: 'How weights of convolutions and linear maps start.',
    group: 'training',
    url: 'start',
    flag: 'grad-start',
    default: 'kaiming',
    options: [
      {
        value: 'kaiming',
        label: 'Kaiming',
        help: 'Uniform within 1 / sqrt(inputs), as PyTorch’s layers do.',
      },
      { value: 'public', label: 'public code', help: 'Normal with deviation 0.01, biases 0.' },
    ],
  }),
  contrastive: choice({
    label: 'Contrastive loss',
    help: 'How stage 1 weighs pasted places against the others.',
    group: 'training',
    url: 'gcl',
    flag: 'contrastive',
    default: 'mean',
    options: [
      { value: 'mean', label: 'mean', help: 'Each side averaged over its own places (equation 4).' },
      {
        value: 'public',
        label: 'public code',
        help: 'Pasted places summed over the images of a batch: as many times heavier.',
      },
    ],
  }),
  gridJitter: choice({
    label: 'Jitter',
    help: 'Noise on the coordinates of the local grids, on every second batch.',
    group: 'training',
    url: 'jit',
    flag: 'grid-jitter',
    default: 'branch',
    options: [
      { value: 'branch', label: 'each branch', help: 'A coin and noise for each branch.' },
      { value: 'shared', label: 'shared', help: 'One coin and one noise for both, as in the public code.' },
    ],
  }),
  fbpRecipe: choice({
    label: 'Training blocks',
    help: 'How blocks are drawn while training.',
    group: 'training',
    url: 'walk',
    flag: 'fbp-recipe',
    default: 'per-image',
    options: [
      {
        value: 'per-image',
        label: 'one per image',
        help: 'The paper’s walk: N in [B, 2B] steps, eight neighbours.',
      },
      {
        value: 'per-batch',
        label: 'one per batch',
        help: 'The public settings: 100 steps, four neighbours.',
      },
    ],
  }),
  anomalySource: choice({
    label: 'Anomalies to learn',
    help: 'What the abnormal branch learns to find in stage 1: synthetic anomalies, or real defects of the training side.',
    group: 'training',
    url: 'src',
    flag: 'anomalies',
    default: 'fbp',
    options: [
      { value: 'fbp', label: 'Feature blocks', help: 'The paper’s: a block pasted into the features.' },
      {
        value: 'gaussian',
        label: 'Gaussian noise',
        help: 'Noise on every place of the features, as in SimpleNet; clean copies are the normal side.',
      },
      {
        value: 'cutpaste',
        label: 'CutPaste',
        help: 'A piece of the image pasted elsewhere in it, before the backbone.',
      },
      {
        value: 'perlin',
        label: 'Perlin paste',
        help: 'As in DRAEM: a texture pasted through blobs of noise, before the backbone; the texture is another training image, recoloured.',
      },
      {
        value: 'masks',
        label: 'Real defects',
        help: 'Supervised: the training side’s anomalous images with a mask, beside clean ones.',
      },
      {
        value: 'masks-fbp',
        label: 'Real defects and blocks',
        help: 'Supervised: the anomalous training images with a mask, beside clean ones with blocks pasted in.',
      },
    ],
  }),
  anomalyNoise: num({
    label: 'Noise',
    help: 'Standard deviation of the Gaussian noise while training. SimpleNet’s 0.015 is about 0.04 sigma on a MobileNetV2’s features.',
    group: 'training',
    url: 'an',
    flag: 'anomaly-noise',
    unit: 'sigma',
    default: 0.04,
    min: 0,
    max: 10,
    step: 0.01,
  }),
} as const satisfies OptionRows;

/** A value for every row, by its name in the table; which of GRAD's methods, and the seed of every random choice. */
export type GradOptions = OptionValues<typeof GRAD_ROWS> & { method: GridMethod; seed: number };

export type DecoderKind = GradOptions['decoder'];
export type FusionKind = GradOptions['fusion'];
export type FbpRecipe = GradOptions['fbpRecipe'];
export type AnomalySource = GradOptions['anomalySource'];

/** Whether anomalies are drawn on images before the backbone sees them. */
export const drawnOnImages = (source: AnomalySource): source is 'cutpaste' | 'perlin' =>
  source === 'cutpaste' || source === 'perlin';

/** Whether stage 1 learns from real anomalous images and their masks, the supervised variant. */
export const learnsFromMasks = (source: AnomalySource): source is 'masks' | 'masks-fbp' =>
  source === 'masks' || source === 'masks-fbp';
