// The lessons that come with the page: read without a fault, nothing of them cut, each question with one right answer.
import { describe, expect, it } from 'vitest';
import { isReadyName } from '../../settings/lesson';
import { LENGTHS, readStory, writeStory } from '../../settings/story';
import { READY } from './ready';

describe.each(READY)('the lesson “$title”', ({ name, steps: words }) => {
  const { steps, problems } = readStory(words);

  it('is read whole', () => {
    expect(isReadyName(name)).toBe(true);
    expect(problems).toEqual([]);
    // What was too long would come back shorter.
    const linesOf = (text: string) => text.split('\n').sort();
    expect(linesOf(writeStory(steps))).toEqual(linesOf(words));
  });

  it('asks before it shows, and has one right answer', () => {
    for (const { question, choices, answer } of steps) {
      expect(question).not.toBe('');
      expect(answer).not.toBe('');
      expect(choices.filter(({ right }) => right)).toHaveLength(1);
      expect(choices.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('has a formula beside its number at every step', () => {
    expect(steps.every(({ formula }) => formula !== null)).toBe(true);
    expect(steps.every(({ title }) => title.length <= LENGTHS.title)).toBe(true);
  });
});

it('the story has seven steps', () => {
  expect(readStory(READY[0]!.steps).steps).toHaveLength(7);
});
