// RIAD against double-precision loops (the squares, GMS, SSIM, the loss), its gradients against finite differences, and
// the method from fit to file and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeBackends, describeTiers } from '../../../testing/gpu';
import { BadModelFile } from '../errors';
import { drawn, ParameterScope } from '../../nn/parameters';
import { tenthAfter } from '../../nn/plan';
import { Random } from '../../nn/random';
import { TrainControl } from '../../nn/control';
import type { Detector, FitContext, StoredTensor } from '../detector';
import type { LearnerOptions } from '../options';
import { streamsOf } from '../../nn/trainingLoop';
import { inpaint, inpaintingLoss, riad } from '.';
import { Unet } from './network';
import { dealRegions } from './regions';
import { imagesPerStep, meanFilterReach, regionSides, RIAD } from './settings';
import { dissimilarity, gradientSimilarity, riadLoss, structuralSimilarity } from './similarity';

/** Values in 0..1, smooth with some noise, so that gradients are neither all small nor all large. */
function picture(size: number, channels: number, name: string): Float32Array {
  const random = Random.stream(3, name);
  return Float32Array.from({ length: size * size * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % size, Math.floor(i / channels / size)];
    return 0.5 + 0.3 * Math.sin(0.7 * x + 0.4 * y + name.length) + 0.2 * (random.uniform() - 0.5);
  });
}

type Grid = number[][];
const gridOf = (values: ArrayLike<number>, size: number): Grid =>
  Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => values[y * size + x]!));

/** Two-dimensional correlation, zeros outside. */
function correlate(grid: Grid, kernel: Grid): Grid {
  const reach = (kernel.length - 1) / 2;
  return grid.map((row, y) =>
    row.map((_, x) => {
      let sum = 0;
      kernel.forEach((line, dy) =>
        line.forEach((weight, dx) => (sum += weight * (grid[y + dy - reach]?.[x + dx - reach] ?? 0))),
      );
      return sum;
    }),
  );
}

const combine = (f: (...values: number[]) => number, ...grids: Grid[]): Grid =>
  grids[0]!.map((row, y) => row.map((_, x) => f(...grids.map((grid) => grid[y]![x]!))));

function referenceGms(image: Grid, rebuilt: Grid): Grid {
  const across: Grid = [[1, 0, -1], [1, 0, -1], [1, 0, -1]].map((row) => row.map((w) => w / 3)); // prettier-ignore
  const down: Grid = across[0]!.map((_, x) => across.map((row) => row[x]!));
  const magnitude = (grid: Grid) => combine(Math.hypot, correlate(grid, across), correlate(grid, down));
  const c = 0.0026;
  return combine((a, b) => (2 * a * b + c) / (a * a + b * b + c), magnitude(image), magnitude(rebuilt));
}

function referenceSsim(image: Grid, rebuilt: Grid): Grid {
  const line = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const total = line.reduce((a, b) => a + b) ** 2;
  const window = line.map((a) => line.map((b) => (a * b) / total));
  const mean = (f: (a: number, b: number) => number) =>
    correlate(combine(f as never, image, rebuilt), window);
  const formula = (x: number, y: number, xx: number, yy: number, xy: number) =>
    ((2 * x * y + 1e-4) * (2 * (xy - x * y) + 9e-4)) /
    ((x * x + y * y + 1e-4) * (xx - x * x + (yy - y * y) + 9e-4));
  return combine(
    formula as never,
    ...[mean((a) => a), mean((_, b) => b), mean((a) => a * a), mean((_, b) => b * b), mean((a, b) => a * b)],
  );
}

const meanOf = (grid: Grid) => grid.flat().reduce((a, b) => a + b, 0) / grid.flat().length;

const halved = (grid: Grid): Grid =>
  Array.from({ length: Math.floor(grid.length / 2) }, (_, y) =>
    Array.from({ length: Math.floor(grid.length / 2) }, (_, x) => {
      const [upper, lower] = [grid[2 * y]!, grid[2 * y + 1]!];
      return (upper[2 * x]! + upper[2 * x + 1]! + lower[2 * x]! + lower[2 * x + 1]!) / 4;
    }),
  );

describe('RIAD’s regions', () => {
  it('hide every pixel exactly once over the sets, in whole squares, about equally many each', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 4, max: 40 }),
      side: fc.integer({ min: 1, max: 16 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(sizes, ({ size, side, seed }) => {
        const masks = dealRegions(size, side, 3, Random.stream(seed, 'test'));
        const counts = masks.map(() => new Set<string>());
        for (let pixel = 0; pixel < size * size; pixel++) {
          const owners = masks.flatMap((mask, set) => (mask[pixel] === 1 ? [set] : []));
          const visible = masks.filter((mask) => mask[pixel] === 0).length;
          if (owners.length !== 1 || visible !== 2) return false;
          const square = [Math.floor(pixel / size / side), Math.floor((pixel % size) / side)].join();
          counts[owners[0]!]!.add(square);
        }
        const squares = Math.ceil(size / side) ** 2;
        const dealt = counts.map((set) => set.size);
        // No square is in two sets, and the sets differ by one square at most.
        return dealt.reduce((a, b) => a + b) === squares && Math.max(...dealt) - Math.min(...dealt) <= 1;
      }),
      { numRuns: 50 },
    );
  });

  it('are the paper’s at 256 pixels and scale with the image', () => {
    expect(regionSides(256)).toEqual([2, 4, 8, 16]);
    expect(regionSides(128)).toEqual([2, 4, 8]);
    expect(regionSides(512)).toEqual([4, 8, 16, 32]);
    expect([256, 128, 32].map(meanFilterReach)).toEqual([10, 5, 1]);
  });
});

describe('RIAD’s schedule', () => {
  it('drops the rate after 250 of 300 epochs and takes fewer images where they are large', () => {
    expect([249, 250].map((epoch) => tenthAfter(RIAD.dropAfter)(epoch, 300))).toEqual([1, 0.1]);
    expect(tenthAfter(RIAD.dropAfter)(0, 1)).toBe(1);
    expect([64, 128, 256, 1024].map((size) => imagesPerStep(8, size))).toEqual([8, 8, 2, 1]);
  });
});

describeBackends('RIAD’s similarities', () => {
  const SIZE = 18;
  const [first, second] = [picture(SIZE, 1, 'first'), picture(SIZE, 1, 'second')];
  const pair = () => [first, second].map((values) => tf.tensor3d(values, [1, SIZE, SIZE]));

  it('have the GMS and SSIM maps of the reference', async () => {
    const [image, rebuilt] = pair();
    const [gms, ssim] = tf.tidy(() => [
      gradientSimilarity(image!, rebuilt!),
      structuralSimilarity(image!, rebuilt!),
    ]);
    const grids = [gridOf(first, SIZE), gridOf(second, SIZE)] as const;
    expectClose(await gms!.data(), referenceGms(...grids).flat(), { rtol: 1e-4, atol: 1e-3 });
    expectClose(await ssim!.data(), referenceSsim(...grids).flat(), { rtol: 1e-3, atol: 1e-3 });
    tf.dispose([image!, rebuilt!, gms!, ssim!]);
  });

  it('have the loss of the reference: MSE, 1 - GMS over four scales, 1 - SSIM over channels', async () => {
    const [image, rebuilt] = [picture(16, 3, 'image'), picture(16, 3, 'rebuilt')];
    const tensors = [image, rebuilt].map((values) => tf.tensor4d(values, [1, 16, 16, 3]));
    const loss = riadLoss(tensors[0]!, tensors[1]!);
    const channel = (values: Float32Array, c: number) =>
      gridOf(
        values.filter((_, i) => i % 3 === c),
        16,
      );
    const greys = [image, rebuilt].map((values) =>
      combine((r, g, b) => (r! + g! + b!) / 3, channel(values, 0), channel(values, 1), channel(values, 2)),
    );
    const mse = image.reduce((sum, value, i) => sum + (value - rebuilt[i]!) ** 2, 0) / image.length;
    const ssim = [0, 1, 2].map((c) => meanOf(referenceSsim(channel(image, c), channel(rebuilt, c))));
    let [a, b] = greys as [Grid, Grid];
    let gms = 0;
    for (let scale = 0; scale < 4; scale++) {
      gms += meanOf(referenceGms(a, b)) / 4;
      [a, b] = [halved(a), halved(b)];
    }
    const expected = mse + (1 - gms) + (1 - (ssim[0]! + ssim[1]! + ssim[2]!) / 3);
    expectClose(await loss.data(), [expected], { rtol: 1e-3 });
    tf.dispose([...tensors, loss]);
  });

  it('find nothing where nothing differs', async () => {
    const image = tf.tensor4d(picture(16, 3, 'image'), [1, 16, 16, 3]);
    const [map, loss] = [dissimilarity(image, image), riadLoss(image, image)];
    expect(Math.max(...(await map.data()))).toBeLessThan(1e-5);
    expect((await loss.data())[0]).toBeLessThan(1e-5);
    tf.dispose([image, map, loss]);
  });
});

async function numberOf(compute: () => tf.Scalar): Promise<number> {
  const scalar = tf.tidy(compute);
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}

describeBackends('RIAD’s network', () => {
  it('paints each hidden place from what it sees without it', async () => {
    const scope = ParameterScope.root(drawn(1));
    const network = new Unet(scope, 4);
    const masks = dealRegions(12, 4, 3, Random.stream(1, 'test'));
    const values = picture(12, 3, 'image');
    const painted = async (pixels: Float32Array) => {
      const input = tf.tensor4d(pixels, [1, 12, 12, 3]);
      const whole = inpaint(network, input, masks, false);
      const data = (await whole.data()).slice();
      tf.dispose([input, whole]);
      return data;
    };
    // What is hidden together with a pixel cannot matter for it: change all of one set's pixels.
    const changed = values.map((value, i) => (masks[0]![Math.floor(i / 3)] ? 1 - value : value));
    const [before, after] = [await painted(values), await painted(changed)];
    const [inside, outside] = [1, 0].map((hidden) =>
      before.filter((value, i) => masks[0]![Math.floor(i / 3)] === hidden && value !== after[i]),
    );
    expect(inside).toHaveLength(0);
    expect(outside!.length).toBeGreaterThan(0);
    scope.dispose();
  });

  it('has the gradients that finite differences find', async () => {
    const scope = ParameterScope.root(drawn(4));
    const network = new Unet(scope, 4);
    const image = tf.tensor4d([...picture(16, 3, 'one'), ...picture(16, 3, 'another')], [2, 16, 16, 3]);
    // Fresh streams of one seed: the same squares at every call.
    const loss = () => inpaintingLoss(network, image, streamsOf(5));
    const trained = scope.list.filter(({ role }) => role !== 'statistic');
    const { value, grads } = tf.variableGrads(
      loss,
      trained.map(({ variable }) => variable),
    );
    for (const part of ['down.0', 'down.3', 'up.2', 'up.0', 'paint']) {
      const chosen = trained.filter(({ name }) => name.startsWith(part)).map(({ variable }) => variable);
      const squares = () =>
        chosen
          .map(({ name }) => grads[name]!.square().sum())
          .reduce((a, b) => a.add(b))
          .asScalar();
      const slope = Math.sqrt(await numberOf(squares));
      // Small, because ReLU and max pooling bend.
      const STEP = 2e-4;
      const move = (step: number) =>
        chosen.forEach((variable) =>
          tf.tidy(() => variable.assign(variable.add(grads[variable.name]!.mul(step / slope)))),
        );
      move(STEP);
      const above = await numberOf(loss);
      move(-2 * STEP);
      const below = await numberOf(loss);
      move(STEP);
      expect((above - below) / (2 * STEP) / slope, part).toBeCloseTo(1, 1.4);
    }
    tf.dispose([value, grads, image]);
    scope.dispose();
  });
});

/** Four pictures of 8 x 8, alike but for noise: small, because the cpu backend is slow. */
function context(change: Partial<FitContext<LearnerOptions>> = {}): FitContext<LearnerOptions> {
  const texture = picture(8, 3, 'texture');
  const images = Array.from({ length: 4 }, (_, i) => {
    const noise = Random.stream(i, 'noise').normals(texture.length, 0.02);
    return texture.map((value, at) => value + noise[at]!);
  });
  const batch = (indices: readonly number[]) =>
    tf.tensor4d(Float32Array.from(indices.flatMap((i) => [...images[i]!])), [indices.length, 8, 8, 3]);
  return {
    source: { count: 4, batch },
    shape: { height: 8, width: 8, channels: 3 },
    sigma: 0.5,
    ...{ seed: 2, batch: 2, options: { epochs: 1 } },
    control: new TrainControl(),
    report: () => {},
    ...change,
  };
}

async function mapOf(detector: Detector, images: Float32Array[]) {
  const input = tf.tensor4d(
    images.flatMap((image) => [...image]),
    [images.length, 8, 8, 3],
  );
  const map = detector.map(input);
  const scores = detector.imageScores!(input, map);
  const [values, maxima] = [(await map.data<'float32'>()).slice(), (await scores.data()).slice()];
  tf.dispose([input, map, scores]);
  return { values, maxima };
}

describeTiers('riad', (backend) => {
  // The network is held to its reference on both backends above; whole fits take the cpu backend ten times as long.
  const itOnGpu: (name: string, test: () => Promise<void>) => void = backend === 'webgpu' ? it : () => {};
  const itOnWasm: typeof itOnGpu = backend === 'wasm' ? it : () => {};

  it('repeats itself bit by bit, and comes back from its tensors with the same map', async () => {
    const before = tf.memory().numTensors;
    const losses: number[][] = [[], []];
    const fit = (run: number) =>
      riad.fit(context({ report: (progress) => losses[run]!.push(...progress.losses) }));
    const first = await fit(0);
    // On a software adapter every fit takes seconds.
    const second = backend === 'wasm' ? await fit(1) : null;
    if (second) expect(losses[1]).toEqual(losses[0]);
    expect(losses[0]).toHaveLength(2);
    const [one, other] = [picture(8, 3, 'one'), picture(8, 3, 'other')];
    const { values, maxima } = await mapOf(first!, [one]);
    expect(values).toHaveLength(64);
    expect(maxima[0]).toBe(Math.max(...values));
    if (second) expect((await mapOf(second, [one])).values).toEqual(values);
    // In other company too.
    expectClose((await mapOf(first!, [other, one])).values.slice(64), values, { rtol: 1e-5, atol: 1e-6 });
    const tensors = new Map(Object.entries(await first!.tensors()) as [string, StoredTensor][]);
    const restored = riad.restore(first!.config, tensors);
    expect((await mapOf(restored, [one])).values).toEqual(values);
    for (const detector of [first, second, restored]) detector?.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  itOnWasm('learns', async () => {
    const losses: number[] = [];
    const options = { epochs: 6 };
    const fitted = await riad.fit(
      context({ options, report: (progress) => losses.push(...progress.losses) }),
    );
    const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)));
    fitted!.dispose();
  });

  itOnGpu('gives null when cancelled, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const control = new TrainControl();
    const options = { epochs: 100 };
    expect(await riad.fit(context({ control, options, report: () => control.cancel() }))).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a file whose tensors or settings do not fit', () => {
    const before = tf.memory().numTensors;
    const restore = (config: Record<string, number>) => () =>
      riad.restore({ size: 16, width: 4, seed: 0, ...config }, new Map());
    expect(restore({})).toThrow(BadModelFile);
    expect(restore({ width: 6 })).toThrow(/width is not a multiple of 4/);
    expect(restore({ seed: 0.5 })).toThrow(/seed/);
    expect(restore({ size: 1e9 })).toThrow(/pixels/);
    expect(tf.memory().numTensors).toBe(before);
  });
});
