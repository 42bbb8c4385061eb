// The page's texts: all in one place, all translated, with the same values; the small compiler as the library's; choosing.
import compileWhole from 'icu-minify/compile';
import { renderToStaticMarkup } from 'react-dom/server';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogues, readFile, readTexts, type Found } from '../../../scripts/texts';
import { compile } from './compile';
import { matching, nameOf } from './language';
import { rich } from './rich';
import { count, said, setTexts, t } from './texts';

/** So many errors of the library may be English until `npm run texts` is run and they are translated. */
const REWORDED = 12;
/** Names and symbols, the same in every language. */
const PROPER: readonly string[] = ['GRAD Playground', 'sim', '0.3·i + 0.7·cos', '&nbsp;', 'lambda'];

const found = readTexts();
const texts = [...found.texts.keys()];

/** An English text that came out of an error: its values are called {0}, {1}. */
const isTemplate = (text: string) => /\{\d\}/.test(text);
/** A text is a message where values are given beside it. */
const messages = [...new Set(found.values.filter(({ names }) => names.length > 0).map(({ text }) => text))];

/** Placeholders and tags of a message, or of a template. */
function namesIn(text: string): string[] {
  if (isTemplate(text)) return [...new Set(text.match(/\{\d+\}/g))].sort();
  const names = new Set<string>();
  const readAll = (nodes: unknown): void => {
    if (Array.isArray(nodes)) nodes.filter(Array.isArray).forEach(read);
  };
  const read = ([name, kind, ...rest]: unknown[]): void => {
    names.add(name as string);
    if (typeof kind !== 'number') return readAll([kind, ...rest]);
    Object.values((rest[0] ?? {}) as Record<string, unknown>).forEach(readAll);
  };
  readAll(compile(text));
  return [...names].sort();
}

afterEach(() => setTexts('en', {}));

describe('the source', () => {
  it('shows no text that passes through nothing', () => {
    const bare = found.bare.filter(({ text }) => !PROPER.includes(text));
    expect(bare.map(({ text, place }) => `${place.file}:${place.line} ${text}`)).toEqual([]);
  });

  it('gives every message the values it names', () => {
    const wrong = found.values.filter(
      ({ text, names }) => names.length > 0 && namesIn(text).join() !== [...names].sort().join(),
    );
    expect(wrong).toEqual([]);
  });

  it('is read as it is written', () => {
    const read: Found = { texts: new Map(), values: [], bare: [] };
    const source = `
      const TABS = [{ label: msg('Images') }];
      const a = <p title="Bare" className="never">Bare too {n > 1 ? 'and this' : ''} {t('Not this, {n}', { n })}</p>;
      class Broken extends RemedyError { constructor(file: string) { super(\`No \${file}.\`, 'Try again.'); } }`;
    readFile('src/app/x.tsx', source, read);
    expect([...read.texts.keys()].sort()).toEqual(['Images', 'No {0}.', 'Not this, {n}', 'Try again.']);
    expect(read.bare.map(({ text }) => text)).toEqual(['Bare', 'Bare too', 'and this']);
    expect(read.values).toMatchObject([{ text: 'Not this, {n}', names: ['n'] }]);
  });
});

describe.each(Object.entries(catalogues()))('the catalogue %s', (tag, catalogue) => {
  const missing = [...found.texts].filter(([text]) => !catalogue[text]);

  it('has every text of the page, translated', () => {
    expect(missing.filter(([, { file }]) => file.startsWith('src/app/'))).toEqual([]);
  });

  it('has what the page shows of the library, but for a few sentences reworded of late, and nothing else', () => {
    expect(missing.length).toBeLessThanOrEqual(REWORDED);
    expect(Object.keys(catalogue).filter((text) => !found.texts.has(text)).length).toBeLessThanOrEqual(
      REWORDED,
    );
  });

  it('names the same values in every text', () => {
    const checked = [...messages, ...texts.filter(isTemplate)].filter((text) => catalogue[text]);
    const wrong = checked.filter((text) => namesIn(catalogue[text]!).join() !== namesIn(text).join());
    expect(wrong).toEqual([]);
  });

  it('is read by the small compiler as by the whole one', () => {
    const written = messages.filter((text) => catalogue[text]).map((text) => catalogue[text]!);
    for (const text of [...messages, ...written]) expect(compile(text), text).toEqual(compileWhole(text));
  });

  it('calls itself by its own name', () => {
    expect(nameOf(tag)).not.toBe(tag);
  });
});

describe('a text', () => {
  it('stands as it is in English, with plurals and numbers of the language', () => {
    expect(t('Load {all}')).toBe('Load {all}');
    const images = (n: number) =>
      t('{n, plural, =0 {no images} one {# image} other {# images}} in {place}', { n, place: 'x' });
    expect([0, 1, 1234].map(images)).toEqual(['no images in x', '1 image in x', '1,234 images in x']);
    expect(count(1234)).toBe('1,234');
  });

  it('takes its language’s words once they are there', () => {
    setTexts('de', { 'Take {n, number} of <b>all</b>': '<b>Alle</b>, davon {n, number}', Load: 'Laden' });
    expect(t('Load')).toBe('Laden');
    expect(t('Not there')).toBe('Not there');
    const values = { n: 1234, b: (inside: React.ReactNode) => createElement('b', null, inside) };
    const text = rich('Take {n, number} of <b>all</b>', values);
    expect(renderToStaticMarkup(text)).toBe('<b>Alle</b>, davon 1.234');
  });

  it('is found by its template when it comes finished from elsewhere', () => {
    setTexts('de', {
      'a mask': 'eine Maske',
      '{0} is not {1}.': '{1} ist {0} nicht.',
      'Try again.': 'Nochmals.',
    });
    expect(said('x (1).png is not a mask.')).toBe('eine Maske ist x (1).png nicht.');
    expect(said('Try again.')).toBe('Nochmals.');
    expect(said('Something else')).toBe('Something else');
  });
});

describe('the language', () => {
  beforeEach(() => {
    vi.resetModules();
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    vi.stubGlobal('document', { documentElement: { lang: 'en' } });
    vi.stubGlobal('navigator', { languages: ['zh-CN', 'en'] });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is the browser’s at first, then the one chosen', async () => {
    const first = await import('./language');
    await first.restoreLanguage();
    expect(document.documentElement.lang).toBe('zh-Hans');
    await first.chooseLanguage('en');
    expect(document.documentElement.lang).toBe('en');
    vi.resetModules();
    await (await import('./language')).restoreLanguage();
    expect(document.documentElement.lang).toBe('en');
  });

  it('is one for each file, by script before by language', () => {
    const there = ['en', 'zh-Hans', 'de'];
    expect(matching(['fr-FR', 'de-AT', 'zh'], there)).toBe('de');
    expect(matching(['zh-CN'], there)).toBe('zh-Hans');
    expect(matching(['zh-TW'], there)).toBe('zh-Hans');
    expect(matching(['zh-TW'], [...there, 'zh-Hant'])).toBe('zh-Hant');
    expect(matching(['', 'not a tag', 'en-GB'], there)).toBe('en');
    expect(matching([], there)).toBe('en');
  });
});
