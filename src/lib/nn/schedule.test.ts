import { expect, it } from 'vitest';
import { learningRateFactor } from './schedule';

const factors = (epochs: number) => Array.from({ length: epochs }, (_, i) => learningRateFactor(i, epochs));

it('drops to a tenth after four fifths of the epochs', () => {
  expect(factors(4)).toEqual([1, 1, 1, 0.1]);
  expect(factors(12)).toEqual([...Array<number>(9).fill(1), 0.1, 0.1, 0.1]);
  expect([learningRateFactor(39, 50), learningRateFactor(40, 50)]).toEqual([1, 0.1]);
});

it('leaves a single epoch at the full rate', () => {
  expect(factors(1)).toEqual([1]);
});
