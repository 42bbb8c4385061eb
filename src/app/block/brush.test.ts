// The free brush: what is drawn, how thick, and the way back and forth. In Node, no browser.
import { beforeEach, describe, expect, it } from 'vitest';
import { setRule } from '../lesson/guardLesson';
import { linkStateOf } from '../share/linkSync';
import { getState, patch, setState } from '../shell/store';
import { initialState } from '../shell/appState';
import { beginStroke, paint, thick, useBrush } from './brush';
import { clearBrush, redo, setRadius, undo } from './strokes';

beforeEach(() => {
  setState(initialState());
  useBrush.setState({ radius: 0, past: [], future: [] });
});

const drawn = () => getState().view.brush;

function stroke(cells: number[], erase = false): void {
  beginStroke();
  paint(cells, erase);
}

describe('strokes', () => {
  it('are taken back and done again, one by one', () => {
    stroke([1, 2]);
    stroke([3]);
    stroke([2], true);
    expect(drawn()).toEqual([1, 3]);
    expect(undo() && undo()).toBe(true);
    expect(drawn()).toEqual([1, 2]);
    expect(redo()).toBe(true);
    expect(drawn()).toEqual([1, 2, 3]);
    stroke([9]);
    // What was taken back is gone once something else is drawn.
    expect(redo()).toBe(false);
    expect([undo(), undo(), undo(), undo()]).toEqual([true, true, true, false]);
    expect(drawn()).toEqual([]);
  });

  it('come back after they were cleared', () => {
    stroke([4]);
    clearBrush();
    expect(drawn()).toEqual([]);
    undo();
    expect(drawn()).toEqual([4]);
  });

  it('do not come where a lesson locks the block', () => {
    setRule('block', 'locked');
    stroke([4]);
    expect(drawn()).toEqual([]);
    expect(undo()).toBe(false);
  });

  it('are in the link while the brush is the shape, and no longer', () => {
    stroke([4]);
    patch('params', { fbpShape: 'brush' });
    expect(linkStateOf(getState()).brush).toEqual([4]);
    patch('params', { fbpShape: 'disc' });
    expect(linkStateOf(getState()).brush).toEqual([]);
    expect(drawn()).toEqual([4]);
  });
});

describe('the size of the brush', () => {
  it('stays within its bounds', () => {
    setRadius(99);
    expect(useBrush.getState().radius).toBe(5);
    setRadius(-1);
    expect(useBrush.getState().radius).toBe(0);
  });

  it('is a disc of cells, cut at the edge of the map', () => {
    expect(thick([12], 0, 5, 5)).toEqual([12]);
    expect(thick([12], 1, 5, 5).sort((a, b) => a - b)).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
    expect(thick([0], 1, 5, 5).sort((a, b) => a - b)).toEqual([0, 1, 5, 6]);
    expect(thick([12], 2, 5, 5)).toHaveLength(21);
  });
});
