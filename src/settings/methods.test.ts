import { describe, expect, it } from 'vitest';
import { GRID_METHODS, BASELINES, isRelevant, type MethodName } from './methods';
import { PARAM_NAMES, PARAMS } from './table';
import { judge } from './values';

const rowsOf = (method: MethodName) => PARAM_NAMES.filter((name) => isRelevant(name, { method }));

describe('the rows that count for a method', () => {
  it('are those of the grids for GRAD, and none of a baseline’s', () => {
    const rows = rowsOf('grad');
    expect(rows).toEqual(expect.arrayContaining(['localGrid', 'epochs1', 'epochs2', 'lambda', 'refine']));
    expect(rows.filter((name) => PARAMS[name].group === 'baselines')).toEqual([]);
  });

  it('leave out the stage that a single grid does not have', () => {
    expect(rowsOf('normal-grid')).not.toContain('epochs1');
    expect(rowsOf('abnormal-grid')).not.toContain('epochs2');
  });

  it.each(BASELINES)('are at least one of its own and none of the grids’ for %s', (method) => {
    const rows = rowsOf(method);
    expect(rows.some((name) => PARAMS[name].group === 'baselines')).toBe(true);
    expect(rows).not.toContain('localGrid');
    expect(rows).toContain('inputSize');
  });

  it('ask for no backbone where pixels are looked at', () => {
    expect(rowsOf('riad')).not.toContain('backbone');
  });

  it('cover every row with some method', () => {
    const counted = new Set([...GRID_METHODS, ...BASELINES].flatMap(rowsOf));
    expect(PARAM_NAMES.filter((name) => !counted.has(name))).toEqual([]);
  });
});

describe('the method', () => {
  it('may be called crad, as the paper does', () => {
    expect(judge(PARAMS.method, 'crad')).toEqual({ value: 'normal-grid' });
    expect(judge(PARAMS.method, 'constructor').problem).toBeDefined();
  });
});
