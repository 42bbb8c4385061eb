// What the editor calls each control that a lesson can hide or lock: parts of the screen, then the rows of the table.
import { controlOf, LESSON_ROWS, type Control, type Hideable } from '../../settings/lesson';
import type { ParamGroup } from '../../settings/spec';
import { PARAMS } from '../../settings/table';

export interface Named {
  control: Control;
  label: string;
}

const PART_LABELS: Record<Hideable, string> = {
  data: 'Images: adding, labels',
  chooser: 'Choice of data set',
  block: 'Paste a defect',
  fusion: 'Fusion and refinement',
  scores: 'Scores and threshold',
  training: 'Training',
  settings: 'Preset, backbone, all settings',
  compare: 'Comparison of methods',
  session: 'Sessions',
  moves: 'Suggested first moves',
};

export const PARTS: readonly Named[] = Object.entries(PART_LABELS).map(([control, label]) => ({
  control,
  label,
}));

const GROUPS: readonly [ParamGroup, string][] = [
  ['features', 'Features'],
  ['model', 'Model'],
  ['baselines', 'Other methods'],
  ['training', 'Training'],
  ['fbp', 'Pasted block'],
  ['score', 'Scores'],
  ['view', 'View'],
];

export const ROW_GROUPS: readonly { title: string; rows: readonly Named[] }[] = GROUPS.map(
  ([group, title]) => ({
    title,
    rows: LESSON_ROWS.filter((name) => PARAMS[name].group === group).map((name) => ({
      control: controlOf(name),
      label: PARAMS[name].label,
    })),
  }),
);
