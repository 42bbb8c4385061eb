// Every text of the page passes here. The English text stands where it is used and is its own name in the catalogues.
import format, { type CompiledMessage } from 'icu-minify/format';
import { compile } from './compile';

export type Values = Readonly<Record<string, string | number>>;
export type Catalogue = Readonly<Record<string, string>>;

let catalogue: Catalogue = {};
let language = 'en';
let templates: readonly (readonly [RegExp, string])[] | null = null;
const compiled = new Map<string, CompiledMessage>();

/** The texts of a language; English needs none. */
export function setTexts(tag: string, texts: Catalogue): void {
  [language, catalogue, templates] = [tag, texts, null];
  compiled.clear();
}

/**
 * The text in the reader's language, or as it stands. With `values` it is an ICU message: `{name}`, `{n, number}`,
 * `{n, plural, one {# image} other {# images}}`, `{kind, select, a {…} other {…}}`. Called while rendering, never kept.
 */
export const t = (text: string, values?: Values): string =>
  values ? (fill(text, values) as string) : (catalogue[text] ?? text);

/** Marks a text that is translated later, where it is shown: in tables that are made once. */
export const msg = <const T extends string>(text: T): T => text;

/** Fills an ICU message whose `values` may be functions of what stands within a tag. */
export function fill<R = string>(
  text: string,
  values: Readonly<Record<string, string | number | ((inside: (string | R)[]) => R)>>,
): string | R | (string | R)[] {
  let message = compiled.get(text);
  if (message === undefined) compiled.set(text, (message = compile(catalogue[text] ?? text)));
  return format<R>(message, language, values, OPTIONS);
}

/**
 * A finished English sentence in the reader's language: errors come so from the engine and the library. A sentence with values is
 * found by its template, in which they are called {0}, {1}, ...; one that no catalogue knows stays English.
 */
export function said(sentence: string): string {
  if (sentence in catalogue) return catalogue[sentence]!;
  templates ??= Object.entries(catalogue).flatMap(([from, to]) =>
    from.includes('{0}') ? [[template(from), to]] : [],
  );
  for (const [pattern, to] of templates) {
    const values = pattern.exec(sentence);
    if (values) return to.replace(/\{(\d+)\}/g, (_, at: string) => said(values[Number(at) + 1] ?? ''));
  }
  return sentence;
}

const template = (text: string) =>
  new RegExp(`^${text.replace(/[.*+?^$()|[\]\\/]/g, '\\$&').replace(/\{\d+\}/g, '(.*?)')}$`, 'su');

const OPTIONS = {
  formatters: {
    getNumberFormat: (...args: ConstructorParameters<typeof Intl.NumberFormat>) =>
      new Intl.NumberFormat(...args),
    getDateTimeFormat: (...args: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
      new Intl.DateTimeFormat(...args),
    getPluralRules: (...args: ConstructorParameters<typeof Intl.PluralRules>) =>
      new Intl.PluralRules(...args),
  },
};

/** The number as the language writes it: 1,234. */
export const count = (value: number): string => value.toLocaleString(language);
