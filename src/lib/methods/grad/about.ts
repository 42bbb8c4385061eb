// GRAD and its single grids among the methods: names, cost, and which options count for each. Light: no tensors here.
import type { MethodAbout } from '../about';
import { pick } from '../options';
import { GRAD_ROWS } from './options';

/** Of either grid. */
const GRID = pick(GRAD_ROWS, 'decoder', 'blocks', 'expansion', 'localGrid', 'globalGrid', 'batch', 'plateau', 'learningRate', 'gridLearningRate'); // prettier-ignore
const STAGE_1 = pick(GRAD_ROWS, 'epochs1', 'fbpIntensityMin', 'fbpIntensityMax', 'fbpUnit', 'fbpDirection', 'fbpRecipe', 'anomalySource', 'anomalyNoise', 'stage1Masks', 'contrastive', 'gradStart'); // prettier-ignore
const STAGE_2 = pick(GRAD_ROWS, 'epochs2', 'gradLoss', 'gradStart', 'near', 'nearQuantile');
const { gridWidth: WIDTH, ...BOTH } = GRAD_ROWS;

export const GRAD = {
  id: 'grad',
  name: 'GRAD',
  year: 2025,
  line: 'a normal and an abnormal grid',
  label: 'Both grids (GRAD)',
  help: 'Bi-grid reconstruction, ICME 2025.',
  cost: 'trains',
  training: 'stages',
  input: 'features',
  branches: { normal: true, abnormal: true },
  mapUnit: 'feature distance',
  rows: BOTH,
} as const satisfies MethodAbout;

export const NORMAL_GRID = {
  id: 'normal-grid',
  name: 'CRAD',
  year: 2024,
  line: 'the normal grid alone',
  label: 'Normal grid alone (CRAD)',
  help: 'Also called crad; ECCV 2024.',
  alias: 'crad',
  cost: 'trains',
  training: 'stages',
  input: 'features',
  branches: { normal: true, abnormal: false },
  mapUnit: 'feature distance',
  rows: { ...GRID, ...STAGE_2, gridWidth: WIDTH },
} as const satisfies MethodAbout;

export const ABNORMAL_GRID = {
  id: 'abnormal-grid',
  name: 'Abnormal grid',
  year: 2025,
  line: 'stage 1 of GRAD by itself',
  label: 'Abnormal grid alone',
  help: 'Stage 1 of GRAD by itself.',
  cost: 'trains',
  training: 'stages',
  input: 'features',
  branches: { normal: false, abnormal: true },
  mapUnit: 'channel 0, signed',
  rows: { ...GRID, ...STAGE_1 },
} as const satisfies MethodAbout;
