// The language in which a layout is said: rules from paths to what files are, as JSON. docs/data.md has it with examples.
// A pattern is a path with `*` (part of a name), `**` (folders), `?`, `{a,b}`, `<train>` (a folder whose name says so,
// words.ts) and the places {class}, {type} and {name}, which take down what stands there.
import * as v from 'valibot';
import { RemedyError } from '../../errors';
import { listOf, objectOf, oneOf, orNull, parseJson, parseValue, text } from '../../formats/schema';
import { unify } from './names';
import { VOCABULARY, type Kind, type MoreWords, type Word } from './words';

/** For each thing that it can say, the first rule that fits a file and says it counts; what none says, the words say. */
export interface Rule {
  path: string;
  as?: 'image' | 'mask' | 'ignore' | undefined;
  split?: 'train' | 'validation' | 'test' | undefined;
  label?: 'normal' | 'anomalous' | 'unknown' | undefined;
  class?: string | undefined;
  type?: string | undefined;
}

export interface Layout {
  rules: Rule[];
  /** Folder names of this set beside those that are known, by what they say. */
  words: MoreWords;
  /** What an image is whose folder says nothing and that has no mask, where others have one. Null: normal, unless masks of normal images are there. */
  unmasked: 'normal' | 'unknown' | null;
  /** The table or JSON that says what is what; null: the first one found. */
  splitFile: string | null;
}

export const NO_LAYOUT: Layout = { rules: [], words: {}, unmasked: null, splitFile: null };

/** A layout, or a pattern in it, that cannot be used. */
export class LayoutInvalid extends RemedyError {
  override readonly name = 'LayoutInvalid';
  constructor(detail: string, options?: ErrorOptions) {
    super(`The layout cannot be used: ${detail}.`, 'docs/data.md has the language and examples.', options);
  }
}

const LONGEST_PATTERN = 500;
const MOST_RULES = 500;
const MOST_WORDS = 100;

const pattern = v.pipe(
  text(LONGEST_PATTERN, 1),
  v.check((value) => faultOf(value) === null, (issue) => faultOf(issue.input) ?? ''), // prettier-ignore
);
const optional = <const S extends v.GenericSchema<unknown, unknown>>(schema: S) => v.optional(schema);
const RULE = objectOf({
  path: pattern,
  as: optional(oneOf(['image', 'mask', 'ignore'])),
  split: optional(oneOf(['train', 'validation', 'test'])),
  label: optional(oneOf(['normal', 'anomalous', 'unknown'])),
  class: optional(text(200)),
  type: optional(text(200)),
});
const wordList = v.optional(listOf(text(100, 1), MOST_WORDS));
const WORDS = objectOf(
  Object.fromEntries(Object.keys(VOCABULARY).map((kind) => [kind, wordList])) as Record<
    Kind,
    typeof wordList
  >,
);

/** As it stands in a file; what is left out is empty. */
export const LAYOUT = objectOf({
  rules: v.optional(listOf(RULE, MOST_RULES), []),
  words: v.optional(WORDS, {}),
  unmasked: orNull(oneOf(['normal', 'unknown'])),
  splitFile: orNull(text(1024)),
});

const invalid = (detail: string, cause?: unknown) => new LayoutInvalid(detail, { cause });

/** A layout from the text of a file. @throws LayoutInvalid */
export const readLayout = (json: string): Layout =>
  parseJson(LAYOUT, json, invalid, { what: 'the file', longest: 2 ** 20 }) as Layout;

/** A layout from a value from outside. @throws LayoutInvalid */
export const toLayout = (value: unknown): Layout => parseValue(LAYOUT, value, invalid) as Layout;

/** What a pattern's places stand for in a path that fits. */
export type Captured = Partial<Record<(typeof PLACES)[number], string>>;

const PLACES = ['class', 'type', 'name'] as const;
const WORD = /^<([a-z]+)>$/;
/** Of one name: more would make matching slow. */
const MOST_STARS = 3;
/** Longer names and deeper paths fit nothing: no file system has them, and matching must stay quick. */
const LONGEST_NAME = 255;
const DEEPEST = 100;

/** What is wrong with a pattern, as a predicate; null when nothing is. */
function faultOf(value: string): string | null {
  for (const part of unify(value).split('/')) {
    const word = WORD.exec(part)?.[1];
    if (word !== undefined && word !== 'split' && !(word in VOCABULARY))
      return `names <${word}>; there are <split>, ${Object.keys(VOCABULARY).map((kind) => `<${kind}>`).join(', ')}`; // prettier-ignore
    if (word !== undefined) continue;
    if (part !== '**' && (part.match(/[*]|\{[a-z]+\}/g) ?? []).length > MOST_STARS)
      return `has a part with more than ${MOST_STARS} of * and {places}`;
    const unknown = [...part.matchAll(/\{([^{},]*)\}/g)].find(
      ([, place]) => !PLACES.includes(place as never),
    );
    if (unknown) return `names {${unknown[1]!.slice(0, 20)}}; there are {class}, {type} and {name}`;
    if (!balanced(part)) return 'has a brace that is not closed, or braces within braces';
    if (new Set(placesIn(part)).size < placesIn(part).length) return 'has the same place twice';
  }
  return null;
}

const placesIn = (part: string): string[] =>
  [...part.matchAll(/\{(class|type|name)\}/g)].map(([, place]) => place!);

function balanced(part: string): boolean {
  let open = false;
  for (const sign of part) {
    if (sign === '{' ? open : sign === '}' && !open) return false;
    if (sign === '{' || sign === '}') open = sign === '{';
  }
  return !open;
}

type Part = { folders: true } | { word: keyof typeof VOCABULARY | 'split' } | { name: RegExp };

export interface Pattern {
  /** Whether it looks at folders alone: all files of a folder fit or none. */
  readonly foldersOnly: boolean;
  /** @param folders above the file @param name of the file with its extension @returns null when it does not fit */
  match(folders: readonly string[], name: string): Captured | null;
}

/**
 * A pattern made ready. It may begin at any folder; one that ends with a plain name or a word stands for everything below.
 * @throws LayoutInvalid
 */
export function compile(value: string, wordOf: (folder: string) => Word): Pattern {
  const fault = value.length > LONGEST_PATTERN ? 'is too long' : faultOf(value);
  if (fault) throw new LayoutInvalid(`the pattern ${value.slice(0, 80)} ${fault}`);
  const anchored = value.startsWith('/');
  const texts = unify(value).split('/').filter((part) => part !== ''); // prettier-ignore
  const last = texts.at(-1) ?? '**';
  const below = last === '**' || WORD.test(last) || !/[*?{.]/.test(last);
  if (below && last !== '**') texts.push('**');
  const parts = [...(anchored ? [] : ['**']), ...texts].map(partOf);
  return {
    foldersOnly: below,
    match: (folders, name) =>
      below ? walk(parts, folders, wordOf) : walk(parts, [...folders, name], wordOf),
  };
}

function partOf(part: string): Part {
  if (part === '**') return { folders: true };
  const word = WORD.exec(part)?.[1];
  if (word !== undefined) return { word: word as Kind };
  const source = part
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
    .replace(/\{(class|type|name)\}/g, '(?<$1>.+?)')
    .replace(/\{([^{}]*,[^{}]*)\}/g, (_, list: string) => `(?:${list.split(',').join('|')})`);
  return { name: new RegExp(`^${source}$`, 'is') };
}

/** From both ends at once would be faster; paths are short. What failed once is not tried again. */
function walk(
  parts: readonly Part[],
  folders: readonly string[],
  wordOf: (folder: string) => Word,
): Captured | null {
  if (folders.length > DEEPEST) return null;
  const failed = new Set<number>();
  const captured: Captured = {};
  const fits = (i: number, j: number): boolean => {
    if (i === parts.length) return j === folders.length;
    const key = i * (folders.length + 1) + j;
    if (failed.has(key)) return false;
    const part = parts[i]!;
    if ('folders' in part ? fits(i + 1, j) || (j < folders.length && fits(i, j + 1)) : takes(part, i, j)) return true; // prettier-ignore
    failed.add(key);
    return false;
  };
  const takes = (part: Exclude<Part, { folders: true }>, i: number, j: number): boolean => {
    const folder = folders[j];
    if (folder === undefined || folder.length > LONGEST_NAME) return false;
    const said = 'word' in part ? says(wordOf(folder), part.word) : part.name.exec(folder);
    if (!said || !fits(i + 1, j + 1)) return false;
    if (said !== true) Object.assign(captured, said.groups);
    return true;
  };
  return fits(0, 0) ? captured : null;
}

function says({ split, label, truth, images }: Word, kind: Kind | 'split'): boolean {
  if (kind === 'split') return split !== null;
  if (kind === 'truth') return truth !== null;
  if (kind === 'images') return images;
  if (kind === 'normal' || kind === 'anomalous') return label === (kind === 'normal' ? 0 : 1);
  return split === kind;
}
