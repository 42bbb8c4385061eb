// Steps of a lesson: what is written is read, and whatever strangers write becomes plain steps or a sentence.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, Corpus, fuzzSettings, fuzzTimeout, textOf } from '../testing/fuzz';
import { NO_LESSON, STEPS_LENGTH } from './lesson';
import { decodeLink, encodeLink } from './link';
import {
  LENGTHS,
  LOOKS,
  MOST,
  newStep,
  QUANTITIES,
  reached,
  readStory,
  writeStory,
  type Condition,
  type Quantity,
  type Step,
} from './story';
import { defaultParams, PARAMS } from './table';

const TEXT = `lesson 2
step Paste a fault
say A block is added.
say Drag it.
ask What will the map do?
yes Light up there
no Light up everywhere
because It cannot be rebuilt.
data parts
show normal
set fbp 1
set i 0.5
line suggested
train 2
task Find it.
until score above line
until side is 7
hint Make it stronger.
formula block
look block scores`;

const STEP: Step = {
  title: 'Paste a fault',
  text: 'A block is added.\nDrag it.',
  question: 'What will the map do?',
  choices: [
    { text: 'Light up there', right: true },
    { text: 'Light up everywhere', right: false },
  ],
  answer: 'It cannot be rebuilt.',
  scene: {
    data: 'parts',
    image: 'normal',
    set: { fbpOn: true, fbpIntensity: 0.5 },
    line: 'suggested',
    train: 2,
  },
  task: 'Find it.',
  until: [
    { what: 'score', relation: 'above', than: 'line' },
    { what: 'side', relation: 'is', than: 7 },
  ],
  hint: 'Make it stronger.',
  formula: 'block',
  look: ['block', 'scores'],
};

describe('the steps of a lesson', () => {
  it('are read as they are written', () => {
    expect(readStory(TEXT)).toEqual({ steps: [STEP], problems: [] });
    expect(writeStory([STEP])).toBe(TEXT);
  });

  it('are none in a lesson of one task', () => {
    expect(readStory('')).toEqual({ steps: [], problems: [] });
    expect(writeStory([])).toBe('');
  });

  it('come through a link, readable', () => {
    const lesson = { ...NO_LESSON, steps: TEXT };
    const link = encodeLink({
      params: defaultParams(),
      image: null,
      threshold: null,
      fusionValue: null,
      brush: [],
      lesson,
      own: null,
      presenter: false,
    });
    expect(link).toContain('step+Paste+a+fault');
    expect(decodeLink(link).lesson).toEqual(lesson);
  });

  it('are plain text, cut to their lengths', () => {
    const { steps } = readStory(`step <img onerror=x>\u202e${'a'.repeat(100)}\nsay ${'b'.repeat(900)}`);
    expect(steps[0]!.title).toHaveLength(LENGTHS.title);
    expect(steps[0]!.title).toMatch(/^<img onerror=x>a+$/);
    expect(steps[0]!.text).toHaveLength(LENGTHS.text);
  });

  it.each([
    ['set i 99', 'Intensity is outside'],
    ['set data circuit', 'no setting is called "data"'],
    ['set backbone x', 'no setting is called "backbone"'],
    ['set __proto__ 1', 'no setting is called "__proto__"'],
    ['constructor x', 'nothing is called "constructor"'],
    ['line x', 'not a number'],
    ['train 3', 'stages 1 and 2'],
    ['until score near line', 'cannot be read'],
    ['until score above Infinity', 'cannot be read'],
    ['formula <b>', 'no formula "<b>"'],
    ['look at me', 'one can look at'],
    ['eval alert(1)', 'nothing is called "eval"'],
  ])('leave out what makes no sense: %s', (line, said) => {
    const { steps, problems } = readStory(`step One\nset b 2\n${line}`);
    expect(problems).toEqual([expect.stringContaining(said)]);
    expect(problems[0]).toMatch(/^In "One": .* that was left out\.$/);
    expect(steps).toEqual([{ ...newStep('One'), scene: { ...newStep().scene, set: { fbpSize: 2 } } }]);
  });

  it('of a newer version are read as far as they are known', () => {
    const { steps, problems } = readStory('lesson 3\nstep One\nsay Hello.');
    expect(steps[0]!.text).toBe('Hello.');
    expect(problems[0]).toContain('newer version');
  });

  it('are no more than can be told', () => {
    const many = readStory(Array.from({ length: 30 }, (_, i) => `step ${i}\nsay x`).join('\n'));
    expect(many.steps).toHaveLength(MOST.steps);
    expect(many.problems).toEqual([`It has more than ${MOST.steps} steps; the rest was left out.`]);
    const choices = readStory(`step One\n${'no x\n'.repeat(9)}`);
    expect(choices.steps[0]!.choices).toHaveLength(MOST.choices);
    expect(readStory('\n'.repeat(STEPS_LENGTH)).problems).toHaveLength(1);
  });

  it(
    'survive any text, and come out of themselves unchanged',
    async () => {
      const words = [
        'step',
        'say',
        'ask',
        'yes',
        'no',
        'because',
        'set',
        'show',
        'line',
        'train',
        'until',
        'look',
      ];
      const arguments_ = [
        ...QUANTITIES,
        ...LOOKS,
        'above',
        'is',
        '1',
        '1e9',
        'i',
        'b',
        'map',
        'fused',
        'NaN',
      ];
      const line = fc
        .tuple(
          fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })),
          fc.array(fc.oneof(fc.constantFrom(...arguments_), fc.string({ unit: 'binary', maxLength: 12 })), {
            maxLength: 4,
          }),
        )
        .map(([word, rest]) => [word, ...rest].join(' '));
      const corpus = new Corpus('story');
      const attempt = (raw: string): string => {
        const { steps, problems } = readStory(raw);
        expect(steps.length).toBeLessThanOrEqual(MOST.steps);
        expect(problems.length).toBeLessThanOrEqual(MOST.problems);
        const again = readStory(writeStory(steps));
        expect(again.steps).toEqual(steps);
        expect(again.problems).toEqual([]);
        return problems[0]?.replaceAll(/[^a-z ]+/g, '#').slice(0, 60) ?? 'ok';
      };
      await corpus.replay((bytes) => attempt(textOf(bytes)));
      const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));
      const property = fc.asyncProperty(text, (raw) => corpus.try(bytesOf(raw), () => attempt(raw)));
      await fc.assert(property, fuzzSettings(150));
    },
    fuzzTimeout(150),
  );
});

describe('what a step waits for', () => {
  const reading = (known: Partial<Record<Quantity, number>>) => (what: Quantity) => known[what] ?? null;
  const above: Condition = { what: 'score', relation: 'above', than: 'line' };

  it('is reached when all of it is', () => {
    const both: Condition[] = [above, { what: 'side', relation: 'is', than: 2 * PARAMS.fbpSize.default + 1 }];
    expect(reached(both, reading({ score: 2, line: 1, side: 7 }))).toBe(true);
    expect(reached(both, reading({ score: 2, line: 1, side: 5 }))).toBe(false);
    expect(reached([{ ...above, relation: 'below' }], reading({ score: 2, line: 1 }))).toBe(false);
  });

  it('is not reached by what is not known, nor by waiting for nothing', () => {
    expect(reached([above], reading({ score: 2 }))).toBe(false);
    expect(reached([], reading({}))).toBe(false);
  });
});
