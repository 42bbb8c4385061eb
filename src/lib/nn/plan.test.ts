import { describe, expect, it } from 'vitest';
import { Plan, tenthAfter } from './plan';

function walk(plan: Plan): string[] {
  const steps: string[] = [];
  for (let at = plan.first; at; at = plan.after(at)) steps.push(`${at.phase}.${at.epoch}.${at.batch}`);
  return steps;
}

describe('Plan', () => {
  it('runs all batches of all epochs of all phases', () => {
    const plan = new Plan([1, 2], 2);
    expect(walk(plan)).toEqual(['0.0.0', '0.0.1', '1.0.0', '1.0.1', '1.1.0', '1.1.1']);
    expect(plan.steps).toBe(6);
  });

  it('passes over phases without epochs', () => {
    expect(walk(new Plan([0, 1], 1))).toEqual(['1.0.0']);
    expect(walk(new Plan([1, 0], 1))).toEqual(['0.0.0']);
    expect(new Plan([0, 0], 3).first).toBeNull();
  });
});

describe('the learning rate', () => {
  const factor = tenthAfter(0.8);
  const factors = (epochs: number) => Array.from({ length: epochs }, (_, i) => factor(i, epochs));

  it('drops to a tenth after four fifths of the epochs', () => {
    expect(factors(4)).toEqual([1, 1, 1, 0.1]);
    expect(factors(12)).toEqual([...Array<number>(9).fill(1), 0.1, 0.1, 0.1]);
    expect([factor(39, 50), factor(40, 50)]).toEqual([1, 0.1]);
  });

  it('stays full for a single epoch', () => {
    expect(factors(1)).toEqual([1]);
  });
});
