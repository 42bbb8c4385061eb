// UniAD against a double-precision reference (the mask, one attention layer, the whole network), its gradients against
// finite differences, and the method from fit to file and back.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeBackends, describeTiers } from '../../../testing/gpu';
import { BadModelFile } from '../errors';
import { drawn, ParameterScope, type Parameter } from '../../nn/parameters';
import { Random } from '../../nn/random';
import { TrainControl } from '../../nn/control';
import type { FitContext, StoredTensor } from '../detector';
import type { LearnerOptions } from '../options';
import { streamsOf } from '../../nn/trainingLoop';
import { uniad, uniadLoss } from '.';
import { MaskedAttention } from './layers';
import { UniadNetwork } from './network';
import {
  referenceAttention,
  referenceRebuild,
  sees,
  type Lookup,
  type ReferenceSizes,
  type Tokens,
} from './testing/referenceNetwork';
import { hiddenNeighbourhood, poolingFactor, tokenGrid, uniadConfig } from './settings';

/** 4 x 5 tokens of 8 channels, 32 wide inside, two layers. */
const CONFIG = { height: 4, width: 5, channels: 8, hidden: 32, layers: 2 };
const SIZES: ReferenceSizes = { height: 4, width: 5, heads: 8, layers: 2, hidden: 1 };

const noise = (count: number, name: string) => Random.stream(5, name).normals(count, 1);

async function lookupOf(parameters: readonly Parameter[]): Promise<Lookup> {
  const entries = parameters.map(async ({ name, variable }) => {
    return [name, { values: (await variable.data()).slice(), shape: variable.shape }] as const;
  });
  const values = new Map(await Promise.all(entries));
  return (name) => values.get(name)!;
}

function tokensOf(values: Float32Array, channels: number): Tokens {
  return Array.from({ length: values.length / channels }, (_, i) => [
    ...values.subarray(i * channels, (i + 1) * channels),
  ]);
}

describe('UniAD’s settings', () => {
  it('are the paper’s at its sizes: 7 x 7 of 14 x 14, width 256 for 272 channels', () => {
    expect(hiddenNeighbourhood([14, 14])).toEqual([7, 7]);
    expect(uniadConfig({ height: 14, width: 14, channels: 272 })).toMatchObject({ hidden: 256, layers: 4 });
  });

  it.each([
    [8, 1, 8, 3],
    [16, 2, 8, 3],
    [32, 2, 16, 7],
    [64, 4, 16, 7],
    [17, 2, 9, 3],
    [3, 1, 3, 1],
  ])('pool %i cells a side by %i to %i tokens and hide %i of them', (side, factor, tokens, hidden) => {
    expect(poolingFactor(side, side)).toBe(factor);
    const grid = tokenGrid({ height: side, width: side });
    expect(grid).toEqual([tokens, tokens]);
    expect(hiddenNeighbourhood(grid)).toEqual([hidden, hidden]);
  });

  it('leave every token something to see on every grid up to 20 x 20', () => {
    for (let height = 1; height <= 20; height++) {
      for (let width = 1; width <= 20; width++) {
        const [rows, columns] = hiddenNeighbourhood([height, width]) ?? [0, 0];
        const blind = Math.floor(height / 2) <= (rows - 1) / 2 && Math.floor(width / 2) <= (columns - 1) / 2;
        expect(blind && height * width > 1, `${height} x ${width}`).toBe(false);
      }
    }
  });

  it('keep tokens as narrow as the features', () => {
    expect(uniadConfig({ height: 8, width: 8, channels: 130 }).hidden).toBe(128);
    expect(uniadConfig({ height: 8, width: 8, channels: 12 }).hidden).toBe(32);
  });

  it('hide what the paper’s figure hides: a square around the token, cut off at the border', () => {
    const sizes = { ...SIZES, height: 5, width: 5, hidden: 3 };
    const drawing = (token: number) =>
      Array.from({ length: 25 }, (_, other) => (sees(token, other, sizes) ? '.' : '#'))
        .join('')
        .match(/.{5}/g);
    expect(drawing(12)).toEqual(['.....', '.###.', '.###.', '.###.', '.....']);
    expect(drawing(0)).toEqual(['##...', '##...', '.....', '.....', '.....']);
  });
});

async function numberOf(compute: () => tf.Scalar): Promise<number> {
  const scalar = tf.tidy(compute);
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}

/** The gradient's length, and the slope that finite differences find along it. */
async function alongGradient(variables: tf.Variable[], grads: tf.NamedTensorMap, loss: () => tf.Scalar) {
  const squares = () =>
    variables
      .map(({ name }) => grads[name]!.square().sum())
      .reduce((a, b) => a.add(b))
      .asScalar();
  const slope = Math.sqrt(await numberOf(squares));
  const STEP = 3e-3;
  const move = (step: number) =>
    variables.forEach((variable) =>
      tf.tidy(() => variable.assign(variable.add(grads[variable.name]!.mul(step / slope)))),
    );
  const lossAfter = async (step: number) => {
    move(step);
    return numberOf(loss);
  };
  const [above, below] = [await lossAfter(STEP), await lossAfter(-2 * STEP)];
  move(STEP);
  return { slope, found: (above - below) / (2 * STEP) };
}

describeBackends('UniAD’s network', () => {
  it('attends as the reference does', async () => {
    const scope = ParameterScope.root(drawn(1));
    const sizes = { ...SIZES, height: 5, width: 5, hidden: 3 };
    const attention = new MaskedAttention(scope.scope('a'), {
      ...{ width: 32, heads: 8, inner: 0, grid: [5, 5], hidden: [3, 3] },
    });
    const inputs = ['queries', 'keys', 'values'].map((name) => noise(25 * 32, name));
    const [q, k, v] = inputs.map((values) => tf.tensor3d(values, [1, 25, 32]));
    const y = tf.tidy(() => attention.apply(q!, k!, v!, null));
    const [queries, keys, values] = inputs.map((array) => tokensOf(array, 32));
    const expected = referenceAttention(queries!, keys!, values!, await lookupOf(scope.list), 'a', sizes);
    expectClose(await y.data(), expected.flat(), { rtol: 1e-4, atol: 1e-5 });
    tf.dispose([q!, k!, v!, y]);
    scope.dispose();
  });

  it('rebuilds features as the reference does', async () => {
    const scope = ParameterScope.root(drawn(2));
    const network = new UniadNetwork(scope, CONFIG);
    const values = noise(2 * 160, 'features');
    const features = tf.tensor4d(values, [2, 4, 5, 8]);
    const rebuilt = tf.tidy(() => network.rebuild(features, null));
    const lookup = await lookupOf(scope.list);
    const expected = [0, 160].flatMap((start) =>
      referenceRebuild(tokensOf(values.subarray(start, start + 160), 8), lookup, SIZES).flat(),
    );
    expectClose(await rebuilt.data(), expected, { rtol: 1e-3, atol: 1e-4 });
    tf.dispose([features, rebuilt]);
    scope.dispose();
  });

  it('has the gradients that finite differences find, dropout and jitter on', async () => {
    const scope = ParameterScope.root(drawn(3));
    const network = new UniadNetwork(scope, { ...CONFIG, layers: 1 });
    const features = tf.tensor4d(noise(160, 'features'), [1, 4, 5, 8]);
    // Fresh streams of one seed: the same noise and the same dropped places at every call.
    const loss = () => uniadLoss(network, features, streamsOf(8));
    const variables = scope.list.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(loss, variables);
    const parts = [
      'input',
      'position',
      'encoder',
      'decoder.0.query',
      'decoder.0.encoded.',
      'decoder.0.prev',
      'output',
    ];
    for (const part of parts) {
      const chosen = scope.list.filter(({ name }) => name.startsWith(part)).map(({ variable }) => variable);
      const { slope, found } = await alongGradient(chosen, grads, loss);
      expect(found / slope, part).toBeCloseTo(1, 2);
    }
    tf.dispose([value, grads, features]);
    scope.dispose();
  });
});

/** Eight images of one texture with a little noise, as features 4 x 4 x 8. */
function context(change: Partial<FitContext<LearnerOptions>> = {}): FitContext<LearnerOptions> {
  const texture = noise(128, 'texture');
  const maps = Array.from({ length: 8 }, (_, i) =>
    noise(128, `image ${i}`).map((n, at) => texture[at]! + 0.1 * n),
  );
  const batch = (indices: readonly number[]) =>
    tf.tensor4d(Float32Array.from(indices.flatMap((i) => [...maps[i]!])), [indices.length, 4, 4, 8]);
  return {
    source: { count: 8, batch },
    shape: { height: 4, width: 4, channels: 8 },
    sigma: 0.5,
    ...{ seed: 2, batch: 8, options: { epochs: 4 } },
    control: new TrainControl(),
    report: () => {},
    ...change,
  };
}

async function mapOf(detector: { map(input: tf.Tensor4D): tf.Tensor3D }, values: Float32Array) {
  const input = tf.tensor4d(values, [1, 4, 4, 8]);
  const map = detector.map(input);
  const data = (await map.data<'float32'>()).slice();
  tf.dispose([input, map]);
  return data;
}

describeTiers('uniad', (backend) => {
  it('learns, repeats itself bit by bit, and comes back from its tensors with the same map', async () => {
    const before = tf.memory().numTensors;
    const losses: number[][] = [[], []];
    const fit = (run: number) =>
      uniad.fit(context({ report: (progress) => losses[run]!.push(...progress.losses) }));
    const first = await fit(0);
    // On a software adapter every fit takes seconds.
    const second = backend === 'wasm' ? await fit(1) : null;
    if (second) expect(losses[1]).toEqual(losses[0]);
    expect(losses[0]).toHaveLength(4);
    expect(losses[0]!.at(-1)).toBeLessThan(losses[0]![0]!);
    const image = noise(128, 'a test image');
    const map = await mapOf(first!, image);
    expect(map).toHaveLength(16);
    if (second) expect(await mapOf(second, image)).toEqual(map);
    const tensors = new Map(Object.entries(await first!.tensors()) as [string, StoredTensor][]);
    const restored = uniad.restore(first!.config, tensors);
    expect(await mapOf(restored, image)).toEqual(map);
    for (const detector of [first, second, restored]) detector?.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives null when cancelled, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const control = new TrainControl();
    const run = uniad.fit(
      context({
        control,
        report: () => control.cancel(),
        options: { epochs: 200 },
      }),
    );
    expect(await run).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a file whose tensors or settings do not fit', () => {
    const before = tf.memory().numTensors;
    expect(() => uniad.restore({ ...CONFIG }, new Map())).toThrow(BadModelFile);
    expect(() => uniad.restore({ ...CONFIG, hidden: 12 }, new Map())).toThrow(/12 wide/);
    expect(() => uniad.restore({ ...CONFIG, layers: 0.5 }, new Map())).toThrow(BadModelFile);
    expect(tf.memory().numTensors).toBe(before);
  });
});
