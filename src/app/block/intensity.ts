// How strong, how large and how turned a block can be made by hand, wherever the hand is: slider, keys, wheel, drag.
import { PARAMS } from '../../settings/table';
import { setParams } from '../settings/actions';
import { getState } from '../shell/store';

/** The way of the slider, in sigma: below it nothing shows, above it everything is certain. Typed numbers go further. */
export const SLIDER = { min: 0.05, max: 16, step: 0.05, logarithmic: true };

/** `value` made as large as `size`, its sign kept. */
export const withSize = (value: number, size: number): number => (value < 0 ? -size : size);

/** Multiplies the intensity, on the way of the slider, to two digits. */
export function scaleIntensity(factor: number): void {
  const { fbpIntensity } = getState().params;
  const wanted = Math.min(SLIDER.max, Math.max(SLIDER.min, Math.abs(fbpIntensity) * factor));
  setParams({ fbpOn: true, fbpIntensity: withSize(fbpIntensity, Number(wanted.toPrecision(3))) });
}

/**
 * Sets the half width B of the block, in cells. The walk's steps keep their ratio to it: with as many steps as before a
 * larger block would be no larger.
 */
export function setSize(size: number): void {
  const { fbpSize, fbpSteps } = getState().params;
  const next = Math.min(PARAMS.fbpSize.max, Math.max(PARAMS.fbpSize.min, Math.round(size)));
  const ratio = fbpSize > 0 ? fbpSteps / fbpSize : STEPS_OF_SIZE;
  const steps = Math.round(ratio * next);
  setParams({ fbpOn: true, fbpSize: next, ...(next !== fbpSize && next > 0 && { fbpSteps: steps }) });
}

/** Of the defaults: twelve steps for a half width of three. */
const STEPS_OF_SIZE = PARAMS.fbpSteps.default / PARAMS.fbpSize.default;

/** Turns the block, to whole steps; angles beyond half a turn come back from the other side. */
export function setAngle(degrees: number, step: number = PARAMS.fbpAngle.step): void {
  const whole = Math.round(degrees / step) * step;
  const fbpAngle = ((((whole + 180) % 360) + 360) % 360) - 180;
  setParams({ fbpOn: true, fbpAngle });
}
