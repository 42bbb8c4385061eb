import { describe, expect, it } from 'vitest';
import { Plan } from './plan';

function walk(plan: Plan): string[] {
  const steps: string[] = [];
  for (let at = plan.first; at; at = plan.after(at)) steps.push(`${at.stage}.${at.epoch}.${at.batch}`);
  return steps;
}

describe('Plan', () => {
  it('runs all batches of all epochs of both stages', () => {
    const plan = new Plan('grad', [1, 2], 2);
    expect(walk(plan)).toEqual(['1.0.0', '1.0.1', '2.0.0', '2.0.1', '2.1.0', '2.1.1']);
    expect(plan.steps).toBe(6);
  });

  it('has only the stage that the method needs', () => {
    expect(walk(new Plan('normal-grid', [4, 1], 1))).toEqual(['2.0.0']);
    expect(walk(new Plan('abnormal-grid', [1, 4], 1))).toEqual(['1.0.0']);
  });

  it('skips a stage without epochs', () => {
    expect(walk(new Plan('grad', [0, 1], 1))).toEqual(['2.0.0']);
    expect(new Plan('grad', [0, 0], 3).first).toBeNull();
  });
});
