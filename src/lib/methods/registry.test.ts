import { describe, expect, it } from 'vitest';
import { MEAN_DISTANCE } from '../../testing/exampleMethod';
import { EXPLANATIONS } from './explanations';
import { METHODS } from './list';
import { methodOf, registeredMethods } from './registry';

const ids = METHODS.map(({ id }) => id);

describe('the list of methods', () => {
  it('names each once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a folder for all that are fitted in one go, which says the same of itself', () => {
    const fitted = METHODS.filter(({ training }) => training === 'fit');
    const registered = registeredMethods().filter((id) => id !== MEAN_DISTANCE.id);
    expect(fitted.map(({ id }) => id)).toEqual(registered);
    for (const about of fitted) expect(methodOf(about.id).about).toBe(about);
  });

  it('has an explanation of each', () => {
    expect(Object.keys(EXPLANATIONS).toSorted()).toEqual(ids.toSorted());
  });
});

it('a method is asked for by its id, and an unknown one is refused', () => {
  expect(() => methodOf('constructor')).toThrow('knows no method');
});
