// References are written out in float64 from the definitions, not from the bands under test; a few numbers are
// SciPy's and PyTorch's.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { cradPools, scoreMaps, smoothMap, upsampleMap } from './smoothMap';

type Grid = number[][];

function randomMap(batch: number, height: number, width: number): tf.Tensor3D {
  return tf.randomNormal([batch, height, width], 0, 1, 'float32', 9);
}

/** One map of a batch as rows. */
async function grids(maps: tf.Tensor3D): Promise<Grid[]> {
  return (await maps.array()) as Grid[];
}

const build = (height: number, width: number, value: (y: number, x: number) => number): Grid =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => value(y, x)));

/** (d c b a | a b c d | d c b a): walks back and forth, standing twice on each end. */
function mirror(index: number, samples: number): number {
  let at = index;
  while (at < 0 || at >= samples) at = at < 0 ? -1 - at : 2 * samples - 1 - at;
  return at;
}

function gaussian(grid: Grid, sigma: number): Grid {
  const [height, width] = [grid.length, grid[0]!.length];
  const radius = Math.trunc(4 * sigma + 0.5);
  return build(height, width, (y, x) => {
    let sum = 0;
    let total = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const weight = Math.exp(-(dy * dy + dx * dx) / (2 * sigma * sigma));
        sum += weight * grid[mirror(y + dy, height)]![mirror(x + dx, width)]!;
        total += weight;
      }
    }
    return sum / total;
  });
}

function averagePool(grid: Grid, window: number, padding: number): Grid {
  const [height, width] = [grid.length, grid[0]!.length];
  const growth = 2 * padding - window + 1;
  return build(height + growth, width + growth, (y, x) => {
    let sum = 0;
    for (let i = 0; i < window; i++) {
      for (let j = 0; j < window; j++) sum += grid[y + i - padding]?.[x + j - padding] ?? 0;
    }
    return sum / (window * window);
  });
}

describeAllBackends('upsampleMap', () => {
  it.each([
    [1, 2, 2, 16],
    [2, 5, 3, 13],
    [1, 7, 9, 4],
  ])(
    'agrees with bilinear resizing, corners aligned: %i x %i x %i to %i',
    async (batch, height, width, size) => {
      const map = randomMap(batch, height, width);
      const stock = tf.image.resizeBilinear(map.expandDims(3) as tf.Tensor4D, [size, size], true);
      expectClose(await upsampleMap(map, size).data(), await stock.data(), { atol: 1e-5 });
    },
  );

  it('spreads a single cell', async () => {
    expect(await upsampleMap(tf.tensor3d([4], [1, 1, 1]), 2).data()).toEqual(new Float32Array(4).fill(4));
  });
});

describeAllBackends('smoothMap', () => {
  it('gives SciPy’s numbers', async () => {
    const smoothed = smoothMap(tf.tensor3d([1, 2, -1, 0.5, 3, 4], [1, 2, 3]), 1);
    const expected = [1.2730972315, 1.4323306735, 1.2436926867, 1.3577232034, 1.9391391062, 2.2540170981];
    expectClose(await smoothed.data(), expected, { atol: 1e-6 });
  });

  it.each([
    [1, 9, 14, 0.7],
    [2, 21, 17, 2],
    // The radius, 16, is beyond either side.
    [1, 5, 11, 4],
  ])('follows the definition: %i x %i x %i, sigma %d', async (batch, height, width, sigma) => {
    const map = randomMap(batch, height, width);
    const expected = (await grids(map)).map((grid) => gaussian(grid, sigma));
    expectClose(await smoothMap(map, sigma).data(), expected.flat(2), { atol: 1e-5 });
  });

  it('leaves nothing behind but its result', () => {
    const map = randomMap(1, 30, 30);
    const before = tf.memory().numTensors;
    smoothMap(map, 4).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describeAllBackends('cradPools', () => {
  it('averages 21 x 21, then 32 x 32, the padding’s zeros counted', async () => {
    const map = randomMap(2, 23, 40);
    const pixels = (await grids(map)).map((grid) => averagePool(grid, 21, 10));
    const image = pixels.map((grid) => averagePool(grid, 32, 16));
    const pools = cradPools(map);
    expect(pools.image.shape).toEqual([2, 24, 41]);
    expectClose(await pools.pixels.data(), pixels.flat(2), { atol: 1e-6 });
    expectClose(await pools.image.data(), image.flat(2), { atol: 1e-6 });
  });
});

describeAllBackends('scoreMaps', () => {
  it('equals upsampling, then smoothing with sigma 4 at 256 px', async () => {
    const map = randomMap(2, 6, 9);
    const stepwise = smoothMap(upsampleMap(map, 48), (4 * 48) / 256);
    const { pixels, image } = scoreMaps(map, 48, 'gauss');
    expect(image).toBe(pixels);
    expectClose(await pixels.data(), await stepwise.data(), { atol: 1e-5 });
  });

  it('equals upsampling, then CRAD’s pools', async () => {
    const map = randomMap(1, 6, 6);
    const stepwise = cradPools(upsampleMap(map, 48));
    const fused = scoreMaps(map, 48, 'crad');
    expectClose(await fused.pixels.data(), await stepwise.pixels.data(), { atol: 1e-5 });
    expectClose(await fused.image.data(), await stepwise.image.data(), { atol: 1e-5 });
  });

  it('pools inside the map as CRAD’s public code does, over all of a smaller one', async () => {
    const map = randomMap(1, 6, 6);
    const [pixels] = await grids(cradPools(upsampleMap(map, 48)).pixels);
    const { image } = scoreMaps(map, 48, 'crad-public');
    expect(image.shape).toEqual([1, 17, 17]);
    expectClose(await image.data(), averagePool(pixels!, 32, 0).flat(), { atol: 1e-5 });
    expect(scoreMaps(map, 20, 'crad-public').image.shape).toEqual([1, 1, 1]);
  });

  it('only upsamples when asked not to smooth', async () => {
    const map = randomMap(1, 4, 4);
    const { pixels } = scoreMaps(map, 32, 'none');
    expect(await pixels.data()).toEqual(await upsampleMap(map, 32).data());
  });
});

describe('upsampleMap against PyTorch', () => {
  describeAllBackends('', () => {
    it('matches an upsampling by eight', async () => {
      const value = golden('losses');
      const map = tf.tensor3d(value('anomaly_map').data, [2, 8, 8]);
      expectClose(await upsampleMap(map, 64).data(), value('anomaly_map_upsampled8').data, { atol: 1e-6 });
    });
  });
});
