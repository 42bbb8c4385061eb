// The link codec: what goes out comes back, and nothing that comes in can do harm.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, Corpus, fuzzSettings, fuzzTimeout, textOf } from '../testing/fuzz';
import { decodeCells, decodeLink, encodeCells, encodeLink, type LinkState } from './link';
import { CONTROLS, NO_LESSON, plainText } from './lesson';
import { presetParams, PRESETS, type PresetName } from './presets';
import type { ParamSpec } from './spec';
import { defaultParams, PARAM_NAMES, PARAMS, type ParamName, type Params } from './table';
import { consistent, specOf } from './values';

const plain = (params: Params = defaultParams()): LinkState => ({
  params,
  image: null,
  threshold: null,
  fusionValue: null,
  brush: [],
  lesson: NO_LESSON,
  presenter: false,
  own: null,
});

function valueOf(spec: ParamSpec): fc.Arbitrary<string | number | boolean> {
  if (spec.kind === 'flag') return fc.boolean();
  if (spec.kind === 'choice') return fc.constantFrom(...spec.options.map((option) => option.value));
  if (spec.kind === 'text') return fc.stringMatching(/^[a-z0-9_.]{1,30}$/);
  return spec.integer
    ? fc.integer({ min: spec.min, max: spec.max })
    : fc.double({ min: spec.min, max: spec.max, noNaN: true }).map((value) => value + 0);
}

const anyParams = fc
  .record(Object.fromEntries(PARAM_NAMES.map((name) => [name, valueOf(specOf(name))])))
  .map((record) => consistent(record as unknown as Params));

const anyLesson = fc
  .record({
    title: fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => plainText(text, 80, false)),
    task: fc.string({ unit: 'grapheme', maxLength: 500 }).map((text) => plainText(text, 500, true)),
    steps: fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => plainText(text, 12_000, true)),
    ready: fc.constantFrom('', 'story', 'nobody'),
    hidden: fc.subarray([...CONTROLS]),
    locked: fc.subarray([...CONTROLS]),
  })
  .map((lesson) => ({ ...lesson, locked: lesson.locked.filter((name) => !lesson.hidden.includes(name)) }));

const anyOwn = fc
  .array(fc.tuple(fc.stringMatching(/^[\w-]{2}$/), fc.boolean()), { minLength: 1, maxLength: 100 })
  .map((images) => ({
    train: images.filter(([, train]) => train).length,
    test: images.filter(([, train]) => !train).length,
    marks: images.map(([mark]) => mark).sort(),
  }));

const anyState: fc.Arbitrary<LinkState> = fc.record({
  params: anyParams,
  image: fc.option(fc.string({ minLength: 1, maxLength: 60 })),
  threshold: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0)),
  fusionValue: fc.option(fc.double({ min: -10, max: 10, noNaN: true }).map((value) => value + 0)),
  brush: fc.uniqueArray(fc.nat(1023), { maxLength: 60 }).map((cells) => cells.sort((a, b) => a - b)),
  lesson: anyLesson,
  presenter: fc.boolean(),
  own: fc.option(anyOwn),
});

describe('a shared link', () => {
  it('of before, with many parameters, says what it said', () => {
    const file = (name: string) => readFileSync(resolve('src/settings/fixtures', name), 'utf8');
    const read = decodeLink(file('link.txt').trim());
    expect(read).toMatchObject(JSON.parse(file('link.json')) as object);
    expect(read.problems).toEqual([]);
  });

  it('is empty when everything is at its default', () => {
    expect(encodeLink(plain())).toBe('');
  });

  it('is readable and names only what differs', () => {
    const state = plain({ ...defaultParams(), seed: 3, fbpOn: true });
    expect(encodeLink({ ...state, image: 'test/dent/003.png' })).toBe(
      '#v=2&seed=3&fbp=1&img=test/dent/003.png',
    );
  });

  it('names a preset once instead of all its values', () => {
    expect(encodeLink(plain(presetParams('paper')))).toBe('#v=2&preset=paper');
  });

  it.each(Object.keys(PRESETS) as PresetName[])('brings the preset %s back whole', (preset) => {
    const params = presetParams(preset);
    expect(decodeLink(encodeLink(plain(params))).params).toEqual(params);
  });

  it('brings every state back', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { problems, unread, ...back } = decodeLink(encodeLink(state));
        expect(unread).toBe(false);
        expect(back).toEqual(state);
        expect(problems).toEqual([]);
      }),
    );
  });

  it('does not break on a file name that is no proper Unicode', () => {
    expect(encodeLink({ ...plain(), image: 'a\ud800b' })).toBe('#v=2&img=ab');
  });

  it('of before steps brings its lesson as it was', () => {
    const { lesson, problems } = decodeLink('#v=1&title=Dents&task=Find+them.&hide=training&lock=seed');
    expect(problems).toEqual([]);
    expect(lesson).toEqual({
      title: 'Dents',
      task: 'Find them.',
      hidden: ['training'],
      locked: ['seed'],
      steps: '',
      ready: '',
    });
  });

  it('is found inside a whole address', () => {
    expect(decodeLink('https://example.org/grad/?x=1#v=1&seed=9').params.seed).toBe(9);
  });

  it('of the first version pastes as strongly as it did then', () => {
    const intensity = (link: string) => decodeLink(link).params.fbpIntensity;
    expect(intensity('#v=1&fbp=1')).toBe(2);
    expect(intensity('#v=1&fbp=1&i=5')).toBe(5);
    expect([intensity('#v=2&fbp=1'), intensity('#v=1')]).toEqual([1, 1]);
  });
});

/** Every value lies inside its row: the promise the rest of the code builds on. */
function expectAllowed(params: Params): void {
  expect(PARAM_NAMES.filter((name) => !isAllowed(specOf(name), params[name]))).toEqual([]);
}

function isAllowed(spec: ParamSpec, value: unknown): boolean {
  if (spec.kind === 'choice') return spec.options.some((option) => option.value === value);
  if (spec.kind === 'flag') return typeof value === 'boolean';
  if (spec.kind === 'text') return typeof value === 'string' && value.length <= spec.maxLength;
  const inside = typeof value === 'number' && value >= spec.min && value <= spec.max;
  return inside && (!spec.integer || Number.isInteger(value));
}

describe('reading a link trusts nothing', () => {
  it('clamps numbers and says so', () => {
    const { params, problems } = decodeLink('#v=1&b=99&i=-1e9&seed=NaN');
    expect(params.fbpSize).toBe(PARAMS.fbpSize.max);
    expect(params.fbpIntensity).toBe(PARAMS.fbpIntensity.min);
    expect(params.seed).toBe(PARAMS.seed.default);
    expect(problems).toHaveLength(3);
    expect(problems.join(' ')).toContain('Size is outside 0 to 14');
  });

  it('takes no unknown choice, no markup, no empty number', () => {
    const { params } = decodeLink('#map=evil&data=<script>&op=&fbp=yes');
    expect(params.map).toBe('fused');
    expect(params.dataset).toBe('script');
    expect(params.opacity).toBe(60);
    expect(params.fbpOn).toBe(false);
  });

  it('orders a training intensity range that stands upside down', () => {
    const { params } = decodeLink('#imin=40&imax=10');
    expect([params.fbpIntensityMin, params.fbpIntensityMax]).toEqual([10, 40]);
  });

  it(
    'survives any text',
    async () => {
      const keys = [
        ...PARAM_NAMES.map((name: ParamName) => PARAMS[name].url),
        'v',
        'img',
        'th',
        'fv',
        'cells',
        'hide',
        'lock',
        'title',
        'task',
        'steps',
        'lesson',
        'own',
      ];
      const pair = fc.tuple(
        fc.oneof(fc.constantFrom(...keys), fc.string()),
        fc.oneof(fc.string(), fc.double().map(String)),
      );
      const hashes = fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc
          .array(pair, { maxLength: 12 })
          .map((pairs) => `#${pairs.map(([key, value]) => `${key}=${value}`).join('&')}`),
      );
      const corpus = new Corpus('link');
      const attempt = (hash: string): string => {
        const read = decodeLink(hash);
        expectAllowed(read.params);
        expect(read.problems.length).toBeLessThanOrEqual(8);
        expect(read.brush.every((cell) => cell >= 0 && cell < 128 * 128)).toBe(true);
        return read.problems[0]?.replaceAll(/[^a-z ]+/g, '#').slice(0, 60) ?? 'ok';
      };
      await corpus.replay((bytes) => attempt(textOf(bytes)));
      const property = fc.asyncProperty(hashes, (hash) => corpus.try(bytesOf(hash), () => attempt(hash)));
      await fc.assert(property, fuzzSettings(300));
    },
    fuzzTimeout(300),
  );

  it('does not read a link longer than any honest one', () => {
    const { params, problems, unread } = decodeLink(`#seed=5&x=${'a'.repeat(1_000_000)}`);
    expect(params.seed).toBe(0);
    expect(unread).toBe(true);
    expect(problems).toHaveLength(1);
  });

  it('says when the link comes from a newer version', () => {
    expect(decodeLink('#v=3&seed=1').problems[0]).toContain('newer version');
  });

  it('skips brush runs that leave the largest map', () => {
    expect(decodeCells('a-2,zzzz-zzzz,-,x,5-1')).toEqual([5, 10, 11]);
    expect(encodeCells([11, 10, 5, 5])).toBe('5-1,a-2');
  });

  it('does not draw the same cells over and over', () => {
    const begin = performance.now();
    const { brush } = decodeLink(`#cells=${Array.from({ length: 3300 }, () => '0-cn4').join(',')}`);
    expect(brush).toHaveLength(128 * 128);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it('gives every parameter its own key', () => {
    const keys = PARAM_NAMES.map((name) => PARAMS[name].url);
    const others = [
      'v',
      'img',
      'th',
      'fv',
      'cells',
      'hide',
      'lock',
      'title',
      'task',
      'steps',
      'lesson',
      'own',
    ];
    expect(new Set([...keys, ...others]).size).toBe(keys.length + others.length);
  });

  it('names what nobody knows, in one sentence, as plain text', () => {
    const { problems } = decodeLink('#utm=1&<b>\u202e=2&c=3&d=4&e=5&hide=data,walls');
    expect(problems).toEqual([
      'There is no "walls" to hide.',
      'Nothing here is called "utm", "<b>", "c", "d" and others; it was left out.',
    ]);
  });

  it('counts what it does not spell out', () => {
    const wrong = PARAM_NAMES.filter((name) => specOf(name).kind === 'number').map(
      (n) => `${PARAMS[n].url}=NaN`,
    );
    const { problems } = decodeLink(`#${wrong.join('&')}`);
    expect(problems).toHaveLength(8);
    expect(problems.at(-1)).toBe(`${wrong.length - 7} more parts of it could not be used.`);
  });
});
