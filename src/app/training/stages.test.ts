// Progress of the two stages.
import { describe, expect, it } from 'vitest';
import { stageFractions } from './stages';

const progress = (step: number) =>
  ({ stage: 1, epoch: 1, epochs: 4, step, steps: 48, loss: 1, secondsLeft: null }) as const;

describe('the two progress bars', () => {
  it('stand at zero before a run', () => expect(stageFractions(null, 4, 12)).toEqual({ 1: 0, 2: 0 }));

  it('fill one after the other', () => {
    expect(stageFractions(progress(6), 4, 12)).toEqual({ 1: 0.5, 2: 0 });
    expect(stageFractions(progress(30), 4, 12)).toEqual({ 1: 1, 2: 0.5 });
    expect(stageFractions(progress(48), 4, 12)).toEqual({ 1: 1, 2: 1 });
  });

  it('skip a stage that the method does not have', () => {
    expect(stageFractions(progress(12), 0, 12)).toEqual({ 1: 1, 2: 0.25 });
  });
});
