// What the editor calls each control that a lesson can hide or lock: parts of the screen, then the rows of the table.
import { controlOf, LESSON_ROWS, type Control, type Hideable } from '../../settings/lesson';
import type { ParamGroup } from '../../settings/spec';
import { PARAMS } from '../../settings/table';
import { msg } from '../languages/texts';

export interface Named {
  control: Control;
  label: string;
}

const PART_LABELS: Record<Hideable, string> = {
  data: msg('Images: adding, labels'),
  chooser: msg('Choice of data set'),
  block: msg('Paste a defect'),
  fusion: msg('Fusion and refinement'),
  scores: msg('Scores and threshold'),
  training: msg('Training'),
  settings: msg('Preset, backbone, all settings'),
  compare: msg('Comparison of methods'),
  session: msg('Sessions'),
  moves: msg('Suggested first moves'),
};

export const PARTS: readonly Named[] = Object.entries(PART_LABELS).map(([control, label]) => ({
  control,
  label,
}));

const GROUPS: readonly [ParamGroup, string][] = [
  ['features', msg('Features')],
  ['model', msg('Model')],
  ['baselines', msg('Other methods')],
  ['training', msg('Training')],
  ['fbp', msg('Pasted block')],
  ['score', msg('Scores')],
  ['view', msg('View')],
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
