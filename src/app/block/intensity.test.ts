// How the hand changes a block: bounds, steps, ratios. In Node, no browser.
import { beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../shell/appState';
import { getState, patch, setState } from '../shell/store';
import { scaleIntensity, setAngle, setSize } from './intensity';

beforeEach(() => setState(initialState()));

describe('the block by hand', () => {
  it.each([
    [37, 30],
    [-52, -45],
    [180, -180],
    [190, -165],
    [-200, 165],
    [720, 0],
  ])('turned to %d degrees stands at %d', (wanted, angle) => {
    setAngle(wanted);
    expect(getState().params.fbpAngle).toBe(angle);
    expect(getState().params.fbpOn).toBe(true);
  });

  it('turns freely where it is asked to', () => {
    setAngle(37.4, 1);
    expect(getState().params.fbpAngle).toBe(37);
  });

  it('grows with as many steps as its size asks for, and keeps its sign', () => {
    setSize(6);
    expect(getState().params).toMatchObject({ fbpSize: 6, fbpSteps: 24 });
    patch('params', { fbpIntensity: -1 });
    scaleIntensity(2);
    expect(getState().params.fbpIntensity).toBe(-2);
    scaleIntensity(1e9);
    expect(getState().params.fbpIntensity).toBe(-16);
  });
});
