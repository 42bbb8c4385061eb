// Every tile against a reference in float64, at sizes that are no multiples of any tile.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeWebgpu, onCpu } from '../../../testing/gpu';
import { line, tiledProduct, type TiledAttributes, type TiledSizes } from './tiledProduct';
import { TILE_NAMES } from './tiles';

const draw = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);

/** A 3 x 3 convolution over 2 maps of 5 x 9 pixels, from 20 to 68 channels: 8.5 quads of 8 columns, as 544 is 8.5 of 64. */
const map = {
  height: 5,
  width: 9,
  channels: 20,
  outHeight: 5,
  outWidth: 9,
  kernel: 3,
  stride: 1,
  top: 1,
  left: 1,
};
const PIXELS = 2 * 5 * 9;
const sides = { leftTurned: false, rightTurned: false };
const CASES = {
  'a convolution': {
    sizes: { ...sides, rows: PIXELS, columns: 68, taps: 9, inner: 20, map },
    x: [2, 5, 9, 20],
    weight: [3, 3, 20, 68],
  },
  'the gradient of its input': {
    sizes: {
      ...sides,
      rows: PIXELS,
      columns: 20,
      taps: 9,
      inner: 68,
      map: { ...map, channels: 68 },
      rightTurned: true,
    },
    x: [2, 5, 9, 68],
    weight: [3, 3, 20, 68],
  },
  'the gradient of its filter': {
    sizes: { ...sides, rows: 180, columns: 68, taps: 1, inner: PIXELS, map, leftTurned: true },
    x: [2, 5, 9, 20],
    weight: [PIXELS, 68],
  },
  'a plain product': {
    sizes: { ...sides, rows: 133, columns: 36, taps: 1, inner: 44, map: line(133, 44) },
    x: [133, 44],
    weight: [44, 36],
  },
  'a strided convolution': {
    sizes: {
      ...sides,
      rows: 2 * 3 * 5,
      columns: 8,
      taps: 9,
      inner: 20,
      map: { ...map, outHeight: 3, outWidth: 5, stride: 2 },
    },
    x: [2, 5, 9, 20],
    weight: [3, 3, 20, 8],
  },
} satisfies Record<string, { sizes: TiledSizes; x: number[]; weight: number[] }>;

/** Each pair is a pipeline to compile: every tile once, every case once or more. */
const PAIRS = [
  ['128x64x16', 'a convolution'],
  ['64x128x16', 'the gradient of its input'],
  ['64x64x16', 'the gradient of its filter'],
  ['128x32x16', 'a plain product'],
  ['64x32x16', 'a strided convolution'],
  ['128x16x8', 'the gradient of its filter'],
] as const;

describeWebgpu('the tiled product', () => {
  it.each(PAIRS)('by %s agrees with float64 in %s', async (tile, name) => {
    const { sizes, x, weight } = CASES[name];
    const inputs = { x: draw(x, 1), weight: draw(weight, 2) };
    const attributes = { sizes, tiling: { tile, slices: 3 }, ...nothing };
    const expected = await onCpu(() => run(inputs, attributes));
    expectClose(await run(inputs, attributes), expected, { rtol: 1e-5, atol: 1e-5 });
  });

  it('is tested in all its tiles', () => {
    expect(PAIRS.map(([tile]) => tile)).toEqual(TILE_NAMES);
  });

  it.each([1, 4])('adds bias and residual to %i slices, activates, gates', async (slices) => {
    const { sizes, x, weight } = CASES['a convolution'];
    const inputs = {
      x: draw(x, 1),
      weight: draw(weight, 2),
      bias: draw([68], 3),
      residual: draw([PIXELS, 68], 4),
      gate: draw([2, 20], 5),
    };
    const attributes: TiledAttributes = { sizes, tiling: { tile: '64x32x16', slices }, activation: 'silu', biased: true, added: true, gated: true }; // prettier-ignore
    const expected = await onCpu(() => run(inputs, attributes));
    const actual = await run(inputs, attributes);
    expectClose(actual, expected, { rtol: 1e-5, atol: 1e-5 });
    expect(await run(inputs, attributes)).toEqual(actual);
  });

  it.each([1, 4])('multiplies %i slices by factors before they add', async (slices) => {
    const { sizes, x, weight } = CASES['a convolution'];
    const inputs = {
      x: draw(x, 1),
      weight: draw(weight, 2),
      bias: draw([2, 68], 3),
      residual: draw([PIXELS, 68], 4),
    };
    const attributes: TiledAttributes = { sizes, tiling: { tile: '64x32x16', slices }, activation: 'relu', biased: true, scaled: true, added: true, gated: false }; // prettier-ignore
    const expected = await onCpu(() => run(inputs, attributes));
    expectClose(await run(inputs, attributes), expected, { rtol: 1e-5, atol: 1e-5 });
  });
});

const nothing = { activation: 'linear', biased: false, added: false, gated: false } as const;

async function run(
  inputs: Partial<Record<'bias' | 'residual' | 'gate', tf.Tensor>> & Record<'x' | 'weight', tf.Tensor>,
  attributes: TiledAttributes,
): Promise<Float32Array> {
  const { x } = inputs;
  const [y] = tiledProduct({ bias: x, residual: x, gate: x, ...inputs }, attributes);
  return (await y!.data<'float32'>()).slice();
}
