// PatchCore among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import { choice, flag, int, num, type OptionRows, type OptionValues } from '../options';

export const PATCHCORE_ROWS = {
  coresetPercent: num({
    label: 'Coreset',
    help: 'Share of the training patches that PatchCore remembers; its paper compares 25, 10 and 1 %.',
    group: 'baselines',
    url: 'cp',
    flag: 'coreset-percent',
    unit: '%',
    default: 10,
    min: 0.01,
    max: 100,
    step: 1,
  }),
  coresetLimit: int({
    label: 'Coreset limit',
    help: 'PatchCore remembers at most this many patches; 0 sets no limit.',
    group: 'baselines',
    url: 'cl',
    flag: 'coreset-limit',
    unit: 'patches',
    default: 0,
    min: 0,
    max: 1_000_000,
  }),
  coresetPool: int({
    label: 'Coreset pool',
    help: 'PatchCore chooses from this many randomly drawn training patches; 0 takes all.',
    group: 'baselines',
    url: 'cq',
    flag: 'coreset-pool',
    unit: 'patches',
    default: 0,
    min: 0,
    max: 10_000_000,
  }),
  patchcoreScore: choice({
    label: 'PatchCore score',
    help: 'How PatchCore scores a whole image from its most anomalous patch.',
    group: 'baselines',
    url: 'ps',
    flag: 'patchcore-score',
    default: 'reweighted',
    options: [
      {
        value: 'reweighted',
        label: 're-weighted',
        help: 'The paper’s: more where the neighbours are far too.',
      },
      { value: 'nearest', label: 'largest', help: 'The largest value of the map, as for the other methods.' },
      {
        value: 'top',
        label: 'top 1 %',
        help: 'The mean of the hundredth of the patches that lie farthest: AnomalyDINO’s.',
      },
    ],
  }),
  patchcoreDistance: choice({
    label: 'PatchCore distance',
    help: 'What a patch is, and how far two of them are apart.',
    group: 'baselines',
    url: 'pcd',
    flag: 'patchcore-distance',
    default: 'euclidean',
    options: [
      { value: 'euclidean', label: 'Euclidean', help: 'PatchCore’s: means over 3 x 3 places, as they are.' },
      {
        value: 'cosine',
        label: 'cosine',
        help: 'AnomalyDINO’s: every place by itself, of length one. Reference images are judged without themselves.',
      },
    ],
  }),
  patchcoreTurns: flag({
    label: 'Turned references',
    help: 'PatchCore also remembers each training image turned by every eighth of a full turn.',
    group: 'baselines',
    url: 'pct',
    flag: 'patchcore-turns',
    default: false,
  }),
  patchcoreForeground: flag({
    label: 'Foreground only',
    help: 'With cosine distances: where the first principal component of the training patches says background, nothing is anomalous. Left out where it tells no two kinds apart.',
    group: 'baselines',
    url: 'pcf',
    flag: 'patchcore-foreground',
    default: false,
  }),
} as const satisfies OptionRows;

export interface PatchcoreOptions {
  /** Share of the training patches that is remembered, in percent. */
  coresetPercent: number;
  /** Most patches that are remembered; 0: no limit. */
  coresetLimit: number;
  /** Patches to choose from, drawn at random; 0: all. */
  coresetPool: number;
  /** How an image is scored: by the paper's re-weighted distance, or by the largest value of its map. */
  score: 'reweighted' | 'nearest' | 'top';
  /** Of pooled patches as they are, or of single places of length one. */
  distance: 'euclidean' | 'cosine';
  /** Whether training images are remembered turned too, where they can be turned. */
  turns: boolean;
  /** Whether the background is left out; with cosine distances only. */
  foreground: boolean;
}

export const patchcoreOptions = ({
  patchcoreScore,
  patchcoreDistance,
  patchcoreTurns,
  patchcoreForeground,
  ...coreset
}: OptionValues<typeof PATCHCORE_ROWS>): PatchcoreOptions => ({
  ...coreset,
  score: patchcoreScore,
  distance: patchcoreDistance,
  turns: patchcoreTurns,
  foreground: patchcoreForeground && patchcoreDistance === 'cosine',
});

export const PATCHCORE = {
  id: 'patchcore',
  name: 'PatchCore',
  year: 2022,
  line: 'nearest remembered patch',
  label: 'PatchCore',
  help: 'The distance to remembered patches; CVPR 2022.',
  cost: 'seconds',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'distance to nearest patch',
  rows: PATCHCORE_ROWS,
} as const satisfies MethodAbout;
