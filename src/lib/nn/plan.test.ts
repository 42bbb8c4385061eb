import { describe, expect, it } from 'vitest';
import { Plan, skipPlateaus, tenthAfter } from './plan';

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

describe('plateaus', () => {
  const skip = skipPlateaus(2, 0.8);

  it('are waited for twice their patience, and skip first the full rate, then the rest', () => {
    expect(skip(2, 20, [5, 5, 5])).toBe(3);
    expect(skip(3, 20, [5, 5, 5, 5])).toBe(16);
    expect(skip(3, 20, [5, 5, 4, 4])).toBe(4);
    // Losses of the full rate do not count at the low one.
    expect(skip(17, 20, [5, 5, 5, 5, 1, 1])).toBe(18);
    expect(skip(19, 20, [5, 5, 5, 5, 1, 1, 1, 1])).toBe(20);
  });

  it('leave the plan where they say', () => {
    const plan = new Plan([20, 1], 2);
    expect(plan.after({ phase: 0, epoch: 3, batch: 1 }, 16)).toEqual({ phase: 0, epoch: 16, batch: 0 });
    expect(plan.after({ phase: 0, epoch: 18, batch: 1 }, 20)).toEqual({ phase: 1, epoch: 0, batch: 0 });
    expect(plan.after({ phase: 0, epoch: 3, batch: 0 }, undefined)).toEqual({ phase: 0, epoch: 3, batch: 1 });
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
