// Which pictures of a camera are worth another score.
import { expect, it } from 'vitest';
import { Unchanged } from './frames';

const frame = (value: number) => ({ width: 2, height: 1, pixels: Uint8Array.of(1, 2, 3, 255, value, 0, 0, 255).buffer }); // prettier-ignore

it('takes a picture as new when a pixel has changed, or what its score depends on', () => {
  const unchanged = new Unchanged();
  const model = {};
  expect(unchanged.is(frame(7), [model, 0.5])).toBe(false);
  expect(unchanged.is(frame(7), [model, 0.5])).toBe(true);
  expect(unchanged.is(frame(8), [model, 0.5])).toBe(false);
  expect(unchanged.is(frame(8), [model, 0.25])).toBe(false);
  expect(unchanged.is(frame(8), [{}, 0.25])).toBe(false);
  expect(unchanged.is({ ...frame(8), pixels: new ArrayBuffer(4) }, [model, 0.25])).toBe(false);
});

it('does not need the buffer of the picture before, and scores again what was not scored', () => {
  const unchanged = new Unchanged();
  const first = frame(7);
  unchanged.is(first, []);
  structuredClone(first.pixels, { transfer: [first.pixels] });
  expect(unchanged.is(frame(7), [])).toBe(true);
  unchanged.forget();
  expect(unchanged.is(frame(7), [])).toBe(false);
});
