// The steps of a lesson as text, one thing a line, so that a link can be read and written by hand. A step says something,
// asks for a prediction, sets up the page and waits for what the reader is to reach. Reading trusts nothing: what makes
// no sense is left out and said, nothing throws.
//
//   lesson 2
//   step Paste a fault
//   say A block is added to the features of a normal image.
//   ask What will the map do?
//   yes Light up where the block is
//   no Light up everywhere
//   because The model cannot rebuild what it has never seen.
//   show normal
//   set i 0.5
//   task Make it so strong that it is found.
//   until score above line
//   hint Make it stronger.
//   formula block
//   look block scores
import { plainText } from './lesson';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from './table';
import { judge, specOf } from './values';

/** Of the lessons' words: 1 was a title and a task alone. */
export const STORY_VERSION = 2;

export const LENGTHS = {
  title: 60,
  text: 400,
  question: 200,
  choice: 100,
  answer: 300,
  task: 200,
  hint: 200,
} as const;
export const MOST = { steps: 12, choices: 4, settings: 12, conditions: 3, lines: 400, problems: 4 } as const;

/** Parts of the screen that a step is about; `image` alone: nothing but the picture. */
export const LOOKS = ['image', 'images', 'block', 'scores', 'training'] as const;
export type Look = (typeof LOOKS)[number];

/** Formulas that can stand beside the number they make (app/story/formulas.ts). */
export const FORMULAS = ['set', 'features', 'block', 'contrast', 'rebuild', 'distance', 'line'] as const;
export type Formula = (typeof FORMULAS)[number];

/** What a step can wait for, as numbers; sides are 0 or 1, shares 0 to 1, sizes in cells, intensity in sigma. */
export const QUANTITIES = [
  'score',
  'line',
  'label',
  'pasted',
  'side',
  'intensity',
  'found',
  'missed',
  'alarms',
  'stage1',
  'stage2',
  'pointed',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

export const RELATIONS = ['above', 'below', 'is'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Condition {
  what: Quantity;
  relation: Relation;
  than: number | Quantity;
}

export interface Choice {
  text: string;
  right: boolean;
}

/** What a step does to the page, once the reader has said what they expect. */
export interface Scene {
  /** A bundled data set; empty: the one on screen. */
  data: string;
  /** `normal`, `defect`, `training`, or an image's path; empty: the one on screen. */
  image: string;
  /** Parameters that take other values. */
  set: Partial<Params>;
  /** The decision line; null leaves it. */
  line: number | 'suggested' | null;
  /** Trains to the end of this stage; null: not. */
  train: 1 | 2 | null;
}

export interface Step {
  title: string;
  text: string;
  question: string;
  choices: Choice[];
  /** Said when the question has been answered, or the scene has been set without one. */
  answer: string;
  scene: Scene;
  /** What the reader does then, in words. */
  task: string;
  /** By which it is seen that they have: all of it. */
  until: Condition[];
  hint: string;
  formula: Formula | null;
  look: Look[];
}

export interface Story {
  steps: Step[];
  /** One sentence for each thing that could not be used. */
  problems: string[];
}

export const NO_SCENE: Scene = { data: '', image: '', set: {}, line: null, train: null };

export const newStep = (title = ''): Step => ({
  title,
  text: '',
  question: '',
  choices: [],
  answer: '',
  scene: NO_SCENE,
  task: '',
  until: [],
  hint: '',
  formula: null,
  look: [],
});

/** Settings that a step may change: what images there are and which model reads them has a life of its own. */
export const SETTABLE: readonly ParamName[] = PARAM_NAMES.filter(
  (name) => !['dataset', 'preset', 'backbone', 'taps'].includes(name),
);

/** Reads the steps of a lesson. Of a lesson without any there are none, and no problem. */
export function readStory(raw: string): Story {
  const problems: string[] = [];
  const steps: Step[] = [];
  const lines = raw.split('\n');
  if (lines.length > MOST.lines)
    problems.push(`It has more than ${MOST.lines} lines; the rest was left out.`);
  for (const line of lines.slice(0, MOST.lines)) {
    const [, key = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(line) ?? [];
    if (key === '') continue;
    if (key === 'lesson') readVersion(rest, problems);
    else if (key === 'step') begin(rest, steps, problems);
    else if (steps.length > 0) readLine(key, rest, steps.at(-1)!, problems);
    else problems.push('It begins with something that is no step; that was left out.');
  }
  return { steps: steps.slice(0, MOST.steps), problems: [...new Set(problems)].slice(0, MOST.problems) };
}

function readVersion(raw: string, problems: string[]): void {
  if (Number(raw) > STORY_VERSION)
    problems.push('It comes from a newer version; what is unknown here was left out.');
}

function begin(title: string, steps: Step[], problems: string[]): void {
  if (steps.length === MOST.steps)
    problems.push(`It has more than ${MOST.steps} steps; the rest was left out.`);
  // One more than allowed takes what is not shown.
  const step = newStep(plainText(title, LENGTHS.title, false));
  if (steps.length > MOST.steps) steps[MOST.steps] = step;
  else steps.push(step);
}

function readLine(key: string, rest: string, step: Step, problems: string[]): void {
  const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  const problem = reader ? reader(rest, step) : `nothing is called "${plainText(key, 24, false)}"`;
  if (problem) problems.push(`In "${step.title || 'a step'}": ${problem}; that was left out.`);
}

/** What each word at a line's beginning means. They return what is wrong, if anything is. */
const READERS: Record<string, (rest: string, step: Step) => string | void> = {
  say: (rest, step) => void (step.text = joined(step.text, rest, LENGTHS.text)),
  ask: (rest, step) => void (step.question = joined(step.question, rest, LENGTHS.question)),
  yes: (rest, step) => addChoice(rest, true, step),
  no: (rest, step) => addChoice(rest, false, step),
  because: (rest, step) => void (step.answer = joined(step.answer, rest, LENGTHS.answer)),
  task: (rest, step) => void (step.task = joined(step.task, rest, LENGTHS.task)),
  hint: (rest, step) => void (step.hint = joined(step.hint, rest, LENGTHS.hint)),
  show: (rest, step) => {
    step.scene = { ...step.scene, image: plainText(rest, PATH_LENGTH, false) };
  },
  data: (rest, step) => {
    const { value } = judge(PARAMS.dataset, rest);
    step.scene = { ...step.scene, data: String(value) };
  },
  set: readSetting,
  line: (rest, step) => {
    const value = Number(rest);
    if (rest !== 'suggested' && (rest === '' || !Number.isFinite(value))) return 'the line is not a number';
    step.scene = { ...step.scene, line: rest === 'suggested' ? rest : clampLine(value) };
    return undefined;
  },
  train: (rest, step) => {
    if (rest !== '1' && rest !== '2') return 'training has stages 1 and 2';
    step.scene = { ...step.scene, train: rest === '1' ? 1 : 2 };
    return undefined;
  },
  until: readCondition,
  formula: (rest, step) => {
    const formula = FORMULAS.find((name) => name === rest);
    if (!formula) return `there is no formula "${plainText(rest, 24, false)}"`;
    step.formula = formula;
    return undefined;
  },
  look: (rest, step) => {
    const named = rest.split(/\s+/);
    step.look = LOOKS.filter((look) => named.includes(look));
    return named.every((name) => LOOKS.some((look) => look === name))
      ? undefined
      : `one can look at ${LOOKS.join(', ')} only`;
  },
};

/** As in links. */
const PATH_LENGTH = 300;

const clampLine = (value: number) => Math.min(1e6, Math.max(-1e6, value)) + 0;

/** Further lines of the same word go below. */
function joined(before: string, more: string, length: number): string {
  const line = plainText(more, length, false);
  return plainText(before === '' ? line : `${before}\n${line}`, length, true);
}

function addChoice(rest: string, right: boolean, step: Step): string | void {
  if (step.choices.length === MOST.choices) return `there are more than ${MOST.choices} choices`;
  step.choices.push({ text: plainText(rest, LENGTHS.choice, false), right });
}

function readSetting(rest: string, step: Step): string | void {
  const [key = '', ...words] = rest.split(/\s+/);
  const name = SETTABLE.find((other) => PARAMS[other].url === key);
  if (!name) return `no setting is called "${plainText(key, 24, false)}"`;
  if (Object.keys(step.scene.set).length === MOST.settings) return 'it sets too much';
  const { value, problem } = judge(specOf(name), words.join(' '));
  if (problem) return `${PARAMS[name].label} ${problem}`;
  step.scene = { ...step.scene, set: { ...step.scene.set, [name]: value } };
}

function readCondition(rest: string, step: Step): string | void {
  const [what, relation, than = ''] = rest.split(/\s+/);
  const known = <T extends string>(list: readonly T[], word?: string) => list.find((other) => other === word);
  const [left, between] = [known(QUANTITIES, what), known(RELATIONS, relation)];
  const right = known(QUANTITIES, than) ?? (than === '' ? NaN : Number(than));
  if (!left || !between || (typeof right === 'number' && !Number.isFinite(right)))
    return 'what it waits for cannot be read';
  if (step.until.length === MOST.conditions) return 'it waits for too much';
  step.until.push({ what: left, relation: between, than: right });
}

/** Writes steps as `readStory` reads them; the empty text when there are none. */
export function writeStory(steps: readonly Step[]): string {
  if (steps.length === 0) return '';
  return [`lesson ${STORY_VERSION}`, ...steps.slice(0, MOST.steps).flatMap(linesOf)].join('\n');
}

function linesOf({ title, text, question, choices, answer, scene, task, until, hint, formula, look }: Step) {
  const words = (key: string, value: string) =>
    value === '' ? [] : value.split('\n').map((line) => `${key} ${line}`.trimEnd());
  return [
    `step ${title}`.trimEnd(),
    ...words('say', text),
    ...words('ask', question),
    ...choices.map((choice) => `${choice.right ? 'yes' : 'no'} ${choice.text}`.trimEnd()),
    ...words('because', answer),
    ...words('data', scene.data),
    ...words('show', scene.image),
    ...Object.entries(scene.set).map(
      ([name, value]) =>
        `set ${PARAMS[name as ParamName].url} ${value === true ? 1 : value === false ? 0 : value}`,
    ),
    ...(scene.line === null ? [] : [`line ${scene.line}`]),
    ...(scene.train === null ? [] : [`train ${scene.train}`]),
    ...words('task', task),
    ...until.map(({ what, relation, than }) => `until ${what} ${relation} ${than}`),
    ...words('hint', hint),
    ...(formula === null ? [] : [`formula ${formula}`]),
    ...(look.length === 0 ? [] : [`look ${look.join(' ')}`]),
  ];
}

/**
 * Whether all of it is reached. What is not known is not reached; nothing to reach never is.
 * @param read a quantity at the moment; null: not known
 */
export function reached(until: readonly Condition[], read: (what: Quantity) => number | null): boolean {
  return (
    until.length > 0 &&
    until.every(({ what, relation, than }) => {
      const left = read(what);
      const right = typeof than === 'number' ? than : read(than);
      if (left === null || right === null) return false;
      return relation === 'is' ? left === right : relation === 'above' ? left > right : left < right;
    })
  );
}
