// How every file that is read gets judged: a valibot schema, and the first thing that is wrong with a value in plain
// words with its place, as in "data.images[3].split is not one of train, test". Values are copied by the schema's own
// keys alone, so that a key such as __proto__ in a file reaches nothing.
import * as v from 'valibot';

/** Makes the error that is thrown from what is wrong, a clause without a full stop. */
export type ToError = (detail: string, cause?: unknown) => Error;

export interface JsonLimits {
  /** What the text is called where no place within it can be named. Default: `it`. */
  what?: string;
  /** A longer text is refused before it is parsed. Default: 64 Mi characters. */
  longest?: number;
}

const LONGEST_JSON = 64 * 2 ** 20;
/** Keys of a file may be of any length; a message may not. */
const LONGEST_PLACE = 120;

type Schema = v.GenericSchema<unknown, unknown>;

/** The value in a JSON text, judged by a schema. @throws what `toError` makes of the first thing that is wrong */
export function parseJson<const S extends Schema>(
  schema: S,
  text: string,
  toError: ToError,
  { what = 'it', longest = LONGEST_JSON }: JsonLimits = {},
): v.InferOutput<S> {
  if (text.length > longest) throw toError(`${what} has more than ${longest} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw toError(`${what} is not JSON`, error);
  }
  return parseValue(schema, value, toError, what);
}

/**
 * A value from outside, judged by a schema. @param what it is called where no place within it can be named
 * @throws what `toError` makes of the first thing that is wrong
 */
export function parseValue<const S extends Schema>(
  schema: S,
  value: unknown,
  toError: ToError,
  what = 'it',
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, JUDGING);
  if (result.success) return result.output;
  const [{ path, message }] = result.issues;
  throw toError(`${placeOf(path) || what} ${message}`);
}

/** The same where anything wrong means that there is nothing: null then. */
export function parseOrNull<const S extends Schema>(schema: S, value: unknown): v.InferOutput<S> | null {
  const result = v.safeParse(schema, value, JUDGING);
  return result.success ? result.output : null;
}

/** `data.images[3].split` */
function placeOf(path: v.BaseIssue<unknown>['path']): string {
  const place = (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return place.replace(/^\./, '').slice(0, LONGEST_PLACE);
}

/** The predicate of a complaint. A schema's own message goes before it, and is a predicate too. */
function predicate(issue: v.BaseIssue<unknown>): string {
  const { type, expected } = issue;
  if (issue.received === 'undefined' && expected?.startsWith('"') && type !== 'literal') return 'is missing';
  return `is not ${NAMES[type] ?? plain(expected ?? 'allowed')}`;
}

const JUDGING = { abortEarly: true, abortPipeEarly: true, message: predicate } as const;

/** By valibot's name of the type. */
const NAMES: Record<string, string> = {
  object: 'an object',
  loose_object: 'an object',
  array: 'a list',
  tuple: 'a list of the right length',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
};

/** `("train" | "test")` as `one of train, test`. */
function plain(expected: string): string {
  const words = expected.replace(/^\((.*)\)$/, '$1').replaceAll('"', '');
  return words.includes(' | ') ? `one of ${words.replaceAll(' | ', ', ')}` : words;
}

/** Text of so many characters. */
export const text = (longest: number, shortest = 0) =>
  v.custom<string>(
    (value) => typeof value === 'string' && value.length <= longest && value.length >= shortest,
    shortest === 0 ? `is not text of up to ${longest}` : `is not text of ${shortest} to ${longest}`,
  );

export const finite = v.custom<number>(Number.isFinite, 'is not a number');

/** A finite number from `min` to `max`. */
export const within = (min: number, max: number) =>
  v.custom<number>(
    (value) => Number.isFinite(value) && (value as number) >= min && (value as number) <= max,
    `is not a number from ${min} to ${max}`,
  );

/** A whole number from 0 up, or from `least`. */
export const count = (least = 0) =>
  v.custom<number>(
    (value) => Number.isSafeInteger(value) && (value as number) >= least,
    least === 0 ? 'is not a count' : `is not a whole number from ${least} up`,
  );

const DIGEST = /^[0-9a-f]{64}$/;
/** A SHA-256 in lower-case hexadecimal digits. */
export const digest = v.custom<string>(
  (value) => typeof value === 'string' && DIGEST.test(value),
  'is not a SHA-256',
);

/** A list; its length is judged before anything in it. */
export const listOf = <const S extends Schema>(item: S, longest: number) =>
  v.pipe(v.array(v.unknown()), v.maxLength(longest, `is not a list of at most ${longest}`), v.array(item));

/** What the schema accepts; null for null and for what is missing. */
export const orNull = <const S extends Schema>(schema: S) => v.nullish(schema, null);

/** One of these values, of whatever type. */
export const oneOf = <const T extends string | number | boolean | null>(options: readonly T[]) =>
  v.custom<T>(
    (value) => (options as readonly unknown[]).includes(value),
    `is not one of ${options.map(String).join(', ')}`,
  );

/** The one version that is read; the complaint names the other. */
export const version = <const N extends number>(known: N) =>
  v.literal(known, ({ input }) => `is ${String(JSON.stringify(input)).slice(0, 20)}, not ${known}`);

/** To valibot alone a list is an object too. */
const noList = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is not an object',
);

/** An object with these entries; others are left out. */
export const objectOf = <const E extends v.ObjectEntries>(entries: E) => v.pipe(noList, v.object(entries));

/** An object with these entries and whatever others, which are kept unjudged. */
export const looseOf = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(noList, v.looseObject(entries));

/** An object with whatever keys, every value as the schema says. */
export const recordOf = <const S extends Schema>(value: S) => v.pipe(noList, v.record(v.string(), value));

/** An object with whatever keys, its values unjudged. */
export const anyObject = recordOf(v.unknown());
