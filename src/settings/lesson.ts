// A lesson: what a teacher hides and locks, a title, a task or steps, all of it in the link. Controls are named by their keys
// in the link: parts of the screen, and every row of the parameter table. Reading trusts nothing: texts are plain,
// short, and free of characters that could turn or hide what stands around them.
import { PARAM_NAMES, PARAMS, type ParamName } from './table';

/** Parts of the screen as a whole. */
export const HIDEABLE = [
  'data',
  'chooser',
  'block',
  'fusion',
  'scores',
  'training',
  'settings',
  'compare',
  'session',
  'moves',
] as const;
export type Hideable = (typeof HIDEABLE)[number];

/** A part of the screen, or the key of a parameter's row. */
export type Control = string;

/** The data set is chosen by the part `chooser`, and its key is that of the images' part. */
export const LESSON_ROWS: readonly ParamName[] = PARAM_NAMES.filter((name) => name !== 'dataset');

export const controlOf = (name: ParamName): Control => (name === 'dataset' ? 'chooser' : PARAMS[name].url);

/** All that can be hidden or locked, in the order in which links name it. */
export const CONTROLS: readonly Control[] = [...HIDEABLE, ...LESSON_ROWS.map(controlOf)];

export interface Lesson {
  title: string;
  task: string;
  hidden: Control[];
  locked: Control[];
  /** Its steps in the words of story.ts, read where they are shown; empty for a lesson of one task. */
  steps: string;
  /** Name of a lesson that comes with the page, whose words and steps are not in the link; empty for one's own. */
  ready: string;
}

export type Rule = 'open' | 'locked' | 'hidden';

export const NO_LESSON: Lesson = { title: '', task: '', hidden: [], locked: [], steps: '', ready: '' };

export const TITLE_LENGTH = 80;
export const TASK_LENGTH = 500;
export const STEPS_LENGTH = 12_000;

export const isLesson = ({ title, task, hidden, locked, steps, ready }: Lesson): boolean =>
  hidden.length + locked.length > 0 || [title, task, steps, ready].some((text) => text !== '');

/** Whether a text may name a lesson that comes with the page. */
export const isReadyName = (name: string): boolean => /^[a-z]{1,20}$/.test(name);

/** What a lesson does to a control by name. Hiding goes before locking. */
export const ruleOf = ({ hidden, locked }: Lesson, control: Control): Rule =>
  hidden.includes(control) ? 'hidden' : locked.includes(control) ? 'locked' : 'open';

/** The part of the screen that a row belongs to; null for those beside the image. */
function partOf(name: ParamName): Hideable | null {
  const { group } = PARAMS[name];
  if (name === 'method') return 'training';
  if (name === 'refine') return 'fusion';
  if (group === 'fbp') return 'block';
  return group === 'view' || group === 'data' ? null : 'settings';
}

/** What a lesson does to a row: its own rule, and no more freedom than its part has. */
export function ruleOfRow(lesson: Lesson, name: ParamName): Rule {
  const own = ruleOf(lesson, controlOf(name));
  const part = partOf(name);
  return own === 'open' && part !== null && ruleOf(lesson, part) !== 'open' ? 'locked' : own;
}

/** The lesson with another rule for one control. */
export function withRule(lesson: Lesson, control: Control, rule: Rule): Lesson {
  const put = (list: readonly Control[], inside: boolean) =>
    CONTROLS.filter((other) => (other === control ? inside : list.includes(other)));
  return {
    ...lesson,
    hidden: put(lesson.hidden, rule === 'hidden'),
    locked: put(lesson.locked, rule === 'locked'),
  };
}

/** Marks that a letter may carry; more are not writing but a drawing over the lines around it. */
const MARKS_PER_LETTER = 4;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MARKS_PER_LETTER}})\\p{M}+`, 'gu');
/**
 * Control, format, private and unassigned characters, among them those that change the writing's direction. The two
 * joiners stay: several scripts and many emoji are not written without them.
 */
const UNPRINTABLE = /(?![\n\u200c\u200d])\p{C}/gu;

/**
 * Plain text of at most so many characters (Unicode code points).
 * @param lines whether line breaks stay
 */
export function plainText(raw: string, length: number, lines: boolean): string {
  // What is far too long is cut before it is looked at: every character takes at most two code units.
  const clean = raw
    .slice(0, 8 * length)
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(UNPRINTABLE, '')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(lines ? /\n{3,}/g : /\s+/g, lines ? '\n\n' : ' ');
  return [...clean.trim()].slice(0, length).join('').trim();
}

/** The controls that a comma-separated list names, in their own order; `unknown` are those that are no controls. */
export function readControls(raw: string): { controls: Control[]; unknown: string[] } {
  const named = new Set(raw.split(',').filter(Boolean));
  return {
    controls: CONTROLS.filter((control) => named.has(control)),
    unknown: [...named].filter((name) => !CONTROLS.includes(name)),
  };
}
