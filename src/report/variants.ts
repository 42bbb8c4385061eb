// What may stand across a comparison's table besides plain methods: a column is a name and what differs from the settings
// that all runs share. The ready-made ablations, for the page and the command line alike. Reading flags: cli/compare.
import type { Params } from '../settings/table';

/** A column of the table: what differs from the settings that all runs share. */
export interface Variant {
  label: string;
  changes: Partial<Params>;
}

const GRIDS = ['normal-grid', 'abnormal-grid', 'grad'] as const;
/** What a figure of GRAD has to be compared with before the abnormal grid may be said to help. */
const CONTROLS: Variant[] = [
  { label: 'grad-no-stage1', changes: { method: 'grad', epochs1: 0 } },
  { label: 'grad-shuffled-masks', changes: { method: 'grad', stage1Masks: 'shuffled' } },
  { label: 'normal-grid-as-large', changes: { method: 'normal-grid', gridWidth: 'double' } },
];
const GRID_SIZES = [[4, 4], [8, 4], [16, 4], [32, 4], [8, 8]] as const; // prettier-ignore
const SHOTS = [1, 2, 4, 8, 16] as const;
const LAMBDAS = [0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/**
 * The paper's own questions: which grid does what, how fine should they be, how much of each branch. And what few training
 * images are worth: each seed draws others.
 */
export const ABLATIONS: Record<string, Variant[]> = {
  grids: [...GRIDS.map((method) => ({ label: method, changes: { method } })), ...CONTROLS],
  controls: CONTROLS,
  'grid-sizes': GRID_SIZES.map(([localGrid, globalGrid]) => ({
    label: `Rl ${localGrid}, Rg ${globalGrid}`,
    changes: { localGrid, globalGrid },
  })),
  lambda: LAMBDAS.map((lambda) => ({ label: `lambda ${lambda}`, changes: { fusion: 'lambda', lambda } })),
  shots: [
    ...SHOTS.map((shots) => ({ label: `${shots} image${shots === 1 ? '' : 's'}`, changes: { shots } })),
    { label: 'all images', changes: { shots: 0 } },
  ],
};
