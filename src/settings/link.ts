// The shared link: every parameter that differs from its preset, the few things of the view that are no parameters, and
// a teacher's lesson, as a readable hash `#v=1&k=v&...`. Reading trusts nothing. Images and weights never go in; the
// hash is never sent to a server. The command line reads the same links.
import {
  isReadyName,
  plainText,
  readControls,
  STEPS_LENGTH,
  TASK_LENGTH,
  TITLE_LENGTH,
  type Control,
  type Lesson,
} from './lesson';
import { readOwn, writeOwn, type OwnImages } from './ownImages';
import { presetParams, type PresetName } from './presets';
import { PARAM_NAMES, PARAMS, type ParamName, type Params } from './table';
import { consistent, judge, specOf } from './values';

export const LINK_VERSION = 2;

/** Defaults that were others in links of version 1 with a pasted block: they name only what differs from them. */
const DEFAULTS_1 = { fbpIntensity: 2 } as const satisfies Partial<Params>;

/** All that a link can carry. */
export interface LinkState {
  params: Params;
  /** Path of the image on screen within its data set; null for the set's own choice. */
  image: string | null;
  /** Decision threshold set by hand, in map units; null for the suggested one. */
  threshold: number | null;
  /** w or lambda set by hand; null for the trained value. */
  fusionValue: number | null;
  /** Cells of the free brush (row * width + column), ascending. */
  brush: number[];
  lesson: Lesson;
  /** For a class at the wall: large type, thick outlines. */
  presenter: boolean;
  /** Images of the sender's own, which the link names and does not carry; null for a bundled set. */
  own: OwnImages | null;
}

/** A read link and one sentence for each thing in it that could not be taken as it stood. */
export interface ReadLink extends LinkState {
  problems: string[];
  /** It was too long to be read at all: everything else stands at its default. */
  unread: boolean;
}

// A hostile link must not cost time or memory: what is longer than any honest link is not read.
export const MAX_LENGTH = 20_000;
const MAX_PROBLEMS = 8;
const MAX_CELL = 512 * 512;
const KEYS = {
  version: 'v',
  image: 'img',
  threshold: 'th',
  fusionValue: 'fv',
  brush: 'cells',
  hidden: 'hide',
  locked: 'lock',
  title: 'title',
  task: 'task',
  steps: 'steps',
  ready: 'lesson',
  presenter: 'present',
  own: 'own',
};
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...Object.values(KEYS),
  ...PARAM_NAMES.map((name) => PARAMS[name].url),
]);

/** The parameters that a link has to name: those that differ from their preset's value. */
function differing(params: Params): ParamName[] {
  const base = presetParams(params.preset);
  return PARAM_NAMES.filter((name) => name !== 'preset' && params[name] !== base[name]);
}

const asText = (value: string | number | boolean) =>
  typeof value === 'boolean' ? (value ? '1' : '0') : String(value);

/** Writes the hash of a state, `#` included; the empty string when everything is at its default. */
export function encodeLink(state: LinkState): string {
  const entries: [string, string][] = [];
  if (state.params.preset !== PARAMS.preset.default) entries.push([PARAMS.preset.url, state.params.preset]);
  for (const name of differing(state.params)) entries.push([PARAMS[name].url, asText(state.params[name])]);
  if (state.image !== null) entries.push([KEYS.image, state.image]);
  if (state.threshold !== null) entries.push([KEYS.threshold, asText(state.threshold)]);
  if (state.fusionValue !== null) entries.push([KEYS.fusionValue, asText(state.fusionValue)]);
  if (state.brush.length > 0) entries.push([KEYS.brush, encodeCells(state.brush)]);
  const { title, task, hidden, locked, steps, ready } = state.lesson;
  if (state.own !== null) entries.push([KEYS.own, writeOwn(state.own)]);
  if (title !== '') entries.push([KEYS.title, title]);
  if (task !== '') entries.push([KEYS.task, task]);
  if (ready !== '') entries.push([KEYS.ready, ready]);
  if (steps !== '') entries.push([KEYS.steps, steps]);
  if (hidden.length > 0) entries.push([KEYS.hidden, hidden.join(',')]);
  if (locked.length > 0) entries.push([KEYS.locked, locked.join(',')]);
  if (state.presenter) entries.push([KEYS.presenter, '1']);
  if (entries.length === 0) return '';
  return `#${[[KEYS.version, String(LINK_VERSION)] as const, ...entries].map(writePair).join('&')}`;
}

// Slashes and commas are legal in a hash and read better than %2F. A file name may hold half a surrogate pair,
// which encodeURIComponent refuses.
const writePair = ([key, value]: readonly [string, string]) =>
  `${key}=${encodeURIComponent(value.replace(/\p{Surrogate}/gu, ''))
    .replace(/%2F/g, '/')
    .replace(/%2C/g, ',')
    .replace(/%20/g, '+')}`;

/**
 * Reads a hash, a whole address, or a bare `k=v&...`. Unknown keys, wrong values and out-of-range numbers become
 * problems and leave defaults or clamped values; nothing throws.
 */
export function decodeLink(text: string): ReadLink {
  const problems: string[] = [];
  const hash = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text;
  const tooLong = hash.length > MAX_LENGTH;
  if (tooLong) problems.push('The link is too long to be one of ours; it was not read.');
  const pairs = new Map(tooLong ? [] : new URLSearchParams(hash));
  readVersion(pairs, problems);
  const params = readParams(pairs, problems);
  if (pairs.get(KEYS.version) === '1' && params.fbpOn && !pairs.has(PARAMS.fbpIntensity.url))
    Object.assign(params, DEFAULTS_1);
  const state: LinkState = {
    params,
    image: readImage(pairs.get(KEYS.image)),
    threshold: readNumber(pairs, KEYS.threshold, [-1e6, 1e6], problems),
    fusionValue: readNumber(pairs, KEYS.fusionValue, [-10, 10], problems),
    brush: decodeCells(pairs.get(KEYS.brush) ?? ''),
    lesson: readLesson(pairs, problems),
    presenter: pairs.get(KEYS.presenter) === '1',
    own: readOwn(pairs.get(KEYS.own) ?? ''),
  };
  nameUnknown([...pairs.keys()], problems);
  return { ...state, problems: firstOf(problems), unread: tooLong };
}

/** One sentence for all that is too much to name. */
function firstOf(problems: readonly string[]): string[] {
  const rest = problems.length - MAX_PROBLEMS + 1;
  if (rest <= 1) return [...problems];
  return [...problems.slice(0, MAX_PROBLEMS - 1), `${rest} more parts of it could not be used.`];
}

/** A few of them, as plain and short text; "and others" stands for the rest. */
function quoted(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `"${plainText(name, NAME_LENGTH, false)}"`);
  return shown.join(', ') + (names.length > MAX_NAMES ? ' and others' : '');
}

const MAX_NAMES = 4;
const NAME_LENGTH = 24;

function nameUnknown(keys: readonly string[], problems: string[]): void {
  const unknown = keys.filter((key) => key !== '' && !KNOWN_KEYS.has(key));
  if (unknown.length > 0) problems.push(`Nothing here is called ${quoted(unknown)}; it was left out.`);
}

function readVersion(pairs: Map<string, string>, problems: string[]): void {
  const version = Number(pairs.get(KEYS.version) ?? LINK_VERSION);
  if (version > LINK_VERSION)
    problems.push('The link comes from a newer version; what is unknown here was left out.');
}

function readParams(pairs: Map<string, string>, problems: string[]): Params {
  const preset = judge(PARAMS.preset, pairs.get(PARAMS.preset.url) ?? PARAMS.preset.default);
  if (preset.problem) problems.push(`Preset ${preset.problem}; ${String(preset.value)} is used.`);
  const params = presetParams(preset.value as PresetName) as Record<ParamName, string | number | boolean>;
  for (const name of PARAM_NAMES) {
    const raw = pairs.get(PARAMS[name].url);
    if (name === 'preset' || raw === undefined) continue;
    const { value, problem } = judge(specOf(name), raw);
    params[name] = value as string | number | boolean;
    if (problem) problems.push(`${PARAMS[name].label} ${problem}; ${asText(params[name])} is used.`);
  }
  return consistent(params as Params);
}

function readNumber(
  pairs: Map<string, string>,
  key: string,
  [min, max]: [number, number],
  problems: string[],
): number | null {
  const raw = pairs.get(key);
  if (raw === undefined) return null;
  const value = raw.trim() === '' ? NaN : Number(raw);
  if (Number.isFinite(value)) return Math.min(max, Math.max(min, value)) + 0;
  problems.push(`"${key}" is not a number; it was left out.`);
  return null;
}

/** An image's path is only ever compared with paths that are there, so its length is all that matters. */
const readImage = (raw: string | undefined) => (raw && raw.length <= 300 ? raw : null);

function readLesson(pairs: Map<string, string>, problems: string[]): Lesson {
  const hidden = readList(pairs.get(KEYS.hidden) ?? '', 'hide', problems);
  return {
    title: readText(pairs.get(KEYS.title) ?? '', 'title', problems),
    task: readText(pairs.get(KEYS.task) ?? '', 'task', problems),
    steps: readText(pairs.get(KEYS.steps) ?? '', 'steps', problems),
    ready: isReadyName(pairs.get(KEYS.ready) ?? '') ? pairs.get(KEYS.ready)! : '',
    hidden,
    locked: readList(pairs.get(KEYS.locked) ?? '', 'lock', problems).filter((name) => !hidden.includes(name)),
  };
}

function readList(raw: string, what: string, problems: string[]): Control[] {
  const { controls, unknown } = readControls(raw);
  if (unknown.length > 0) problems.push(`There is no ${quoted(unknown)} to ${what}.`);
  return controls;
}

const LENGTHS = { title: TITLE_LENGTH, task: TASK_LENGTH, steps: STEPS_LENGTH };

function readText(raw: string, what: keyof typeof LENGTHS, problems: string[]): string {
  const length = LENGTHS[what];
  const lines = what !== 'title';
  const text = plainText(raw, length, lines);
  if ([...plainText(raw, length + 1, lines)].length > length)
    problems.push(
      `The lesson's ${what} ${what === 'steps' ? 'are' : 'is'} longer than ${length} characters; ${what === 'steps' ? 'they were' : 'it was'} cut.`,
    );
  return text;
}

/** Runs of neighbouring cells, `start-length` in base 36 joined by commas: `1a-4,2c-5`. */
export function encodeCells(cells: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const cell of [...new Set(cells)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === cell) last[1] += 1;
    else runs.push([cell, 1]);
  }
  return runs.map(([start, length]) => `${start.toString(36)}-${length.toString(36)}`).join(',');
}

/** The inverse of `encodeCells`; runs that make no sense are skipped. */
export function decodeCells(text: string): number[] {
  const cells = new Set<number>();
  // Honest runs do not overlap: all of them together are never longer than the map.
  let left = MAX_CELL;
  for (const run of text.split(',')) {
    const [start, length] = run
      .split('-')
      .map((part) => (/^[0-9a-z]{1,4}$/.test(part) ? parseInt(part, 36) : NaN));
    if (start === undefined || length === undefined || !(start + length <= MAX_CELL)) continue;
    if ((left -= length) < 0) break;
    for (let cell = start; cell < start + length; cell++) cells.add(cell);
  }
  return [...cells].sort((a, b) => a - b);
}
