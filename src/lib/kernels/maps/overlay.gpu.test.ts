// The GPU's pixels against the CPU painter's, which computes in float64.
import { expect, it } from 'vitest';
import { colormap } from '../../overlay/colormaps';
import { backendDevice, memory } from '../../gpu/backend';
import { tf } from '../../gpu/tf';
import { paintOverlay, type OverlayLook } from '../../overlay/paintOverlay';
import { describeWebgpu } from '../../../testing/gpu';
import { mapExtremes } from './mapExtremes';
import { OverlayRenderer } from './overlay';

const LOOK: OverlayLook = { range: [-1, 2], lut: colormap('viridis'), opacity: 0.6, threshold: null };

/** A smooth surface without round numbers, so that no rounding decides a colour. */
function surface(height: number, width: number): tf.Tensor2D {
  const values = Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return Math.sin(0.37 + (3.1 * x) / width) + Math.cos(0.2 + (4.3 * y) / height);
  });
  return tf.tensor2d(values, [height, width]);
}

/** Renders on the GPU and paints on the CPU. */
async function both(map: tf.Tensor2D, look: OverlayLook, outWidth: number, outHeight: number) {
  const renderer = new OverlayRenderer(backendDevice());
  const [height, width] = map.shape;
  const request = { ...look, map: await map.data<'float32'>(), width, height, outWidth, outHeight };
  const rendered = await renderer.renderToPixels(map, look, outWidth, outHeight);
  renderer.dispose();
  return { rendered, painted: paintOverlay(request) };
}

function largestDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

describeWebgpu('OverlayRenderer', () => {
  it.each([
    ['a small map on a large picture', 5, 7, 61, 43],
    ['a map of the picture’s size', 33, 21, 21, 33],
    ['a map larger than the picture', 40, 50, 13, 11],
    ['a single cell', 1, 1, 3, 2],
    ['a single pixel', 4, 4, 1, 1],
  ])('paints %s as the CPU does', async (_, height, width, outWidth, outHeight) => {
    const { rendered, painted } = await both(surface(height, width), LOOK, outWidth, outHeight);
    expect(largestDifference(rendered, painted)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['a contour', { threshold: 0.31 }],
    ['a wide contour on nothing', { threshold: 0.31, lineWidth: 4, opacity: 0 }],
    ['fading low values', { fade: 0.7 }],
    ['an empty range', { range: [0.2, 0.2] }],
    ['other colours', { lut: colormap('diverging'), opacity: 1 }],
  ] satisfies [string, Partial<OverlayLook>][])('paints %s as the CPU does', async (_, change) => {
    const { rendered, painted } = await both(surface(9, 8), { ...LOOK, ...change }, 64, 57);
    expect(largestDifference(rendered, painted)).toBeLessThanOrEqual(2);
  });

  it('draws nothing on a plateau that lies at the threshold', async () => {
    const { rendered } = await both(tf.fill([4, 4], 2), { ...LOOK, threshold: 2, opacity: 0 }, 8, 8);
    expect(rendered.every((byte) => byte === 0)).toBe(true);
  });

  it('takes its range from a tensor without reading it', async () => {
    const renderer = new OverlayRenderer(backendDevice());
    const map = surface(6, 6);
    const extremes = mapExtremes(map.expandDims(0) as tf.Tensor3D);
    const [low, high] = (await extremes.data()) as unknown as [number, number];
    const byTensor = await renderer.renderToPixels(map, { ...LOOK, range: extremes }, 20, 20);
    const byNumbers = await renderer.renderToPixels(map, { ...LOOK, range: [low, high] }, 20, 20);
    renderer.dispose();
    expect(byTensor).toEqual(byNumbers);
  });

  it('follows what tfjs still has in its batch, frame after frame', async () => {
    const renderer = new OverlayRenderer(backendDevice());
    const look: OverlayLook = { ...LOOK, range: [0, 4], opacity: 1 };
    for (const level of [1, 2, 3]) {
      // The map is computed, not uploaded: its dispatches wait in tfjs's batch when the renderer comes.
      const map = tf.tidy(() => tf.ones([3, 3]).mul(level).add(0.0).sub(0.0));
      const pixels = await renderer.renderToPixels(map, look, 2, 2);
      const flat = { map: new Float32Array([level]), width: 1, height: 1, outWidth: 2, outHeight: 2 };
      const expected = paintOverlay({ ...look, ...flat });
      expect(largestDifference(pixels, expected)).toBeLessThanOrEqual(1);
    }
    renderer.dispose();
  });

  it('uses no more tensors or tensor memory after a hundred frames', async () => {
    const renderer = new OverlayRenderer(backendDevice());
    const map = surface(8, 8);
    await renderer.renderToPixels(map, LOOK, 16, 16);
    const before = memory();
    for (let frame = 0; frame < 100; frame++) await renderer.renderToPixels(map, LOOK, 16, 16);
    expect(memory()).toEqual(before);
    renderer.dispose();
  });

  it('refuses a batch of maps and integers in disguise', async () => {
    const renderer = new OverlayRenderer(backendDevice());
    await expect(renderer.renderToPixels(tf.zeros([2, 3, 3]), LOOK, 4, 4)).rejects.toThrow(/one map/);
    const cast = tf.zeros([3, 3], 'int32').toFloat();
    await expect(renderer.renderToPixels(cast, LOOK, 4, 4)).rejects.toThrow(/int32/);
    expect(() => renderer.draw(tf.zeros([3, 3]), LOOK)).toThrow(/without a canvas/);
    renderer.dispose();
  });
});
