// One optimiser step on the reference models' own gradients against PyTorch (AdamW, two rates, clipped to 0.1).
// The gradients come from the file: Adam's first step turns a difference of 1e-7 into a visible one. And its arithmetic
// with both kinds of decay against plain loops.
import { describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { clipScale } from '../kernels/optimiser/clipScale';
import { expectClose, golden } from '../../testing/golden';
import { describeAllBackends } from '../../testing/gpu';
import { torchConfig, torchParameters } from '../../testing/torchModel';
import { BiGrid } from '../methods/grad/biGrid';
import { constant } from './initialise';
import { Adam, type ParameterGroup } from './optimiser';
import { drawn, ParameterScope, type Parameter } from './parameters';

const CLIP = { clipNorm: 0.1 };
/** GRAD's: AdamW with two rates. */
const group = (parameters: Parameter[]): ParameterGroup[] => [
  { parameters, learningRate: 1e-3, tableLearningRate: 0.1, weightDecay: 0.01 },
];

describe('Adam against PyTorch', () => {
  for (const decoder of ['mobile', 'basic'] as const) {
    describeAllBackends(`the ${decoder} model`, () => {
      const before = torchParameters(decoder, 'before');
      const gradientValues = torchParameters(decoder, 'grad');
      const startModel = () => BiGrid.from(torchConfig(decoder), (name) => before.get(name)!);
      const trained = (model: BiGrid) => model.parameters.filter(({ role }) => role !== 'statistic');
      const gradientsOf = (parameters: Parameter[]) =>
        parameters.map(({ name, variable }) => tf.tensor(gradientValues.get(name)!, variable.shape));

      it('has the same gradient norm', async () => {
        const model = startModel();
        const { norm } = clipScale(gradientsOf(trained(model)), 0.1);
        expectClose(await norm.data(), golden(`bigrid_${decoder}`)('train.grad_norm').data);
        model.dispose();
      });

      it('has the same parameters after one step', async () => {
        const model = startModel();
        const parameters = trained(model);
        const optimiser = new Adam(group(parameters), CLIP);
        optimiser.apply(gradientsOf(parameters), 1);
        const after = torchParameters(decoder, 'after');
        for (const { name, variable } of parameters) {
          expectClose(await variable.data(), after.get(name)!, { rtol: 1e-5, atol: 1e-6 });
        }
        optimiser.dispose();
        model.dispose();
      });
    });
  }
});

describeAllBackends('Adam with a state and a schedule', () => {
  const parameter = (start: number[]): Parameter => ({
    name: 'test',
    role: 'weight',
    variable: tf.variable(tf.tensor1d(start)),
  });

  it('goes on from its saved state as if it had never stopped', async () => {
    const gradients = [[1, -2, 3], [0.5, 0.5, -4], [2, 0, 1]].map((g) => tf.tensor1d(g)); // prettier-ignore
    const [straight, resumed] = [parameter([1, 2, 3]), parameter([1, 2, 3])];
    const first = new Adam(group([straight]), CLIP);
    for (const gradient of gradients) first.apply([gradient], 1);
    const second = new Adam(group([resumed]), CLIP);
    for (const gradient of gradients.slice(0, 2)) second.apply([gradient], 1);
    const third = new Adam(group([resumed]), { ...CLIP, state: await second.state() });
    third.apply([gradients[2]!], 1);
    expect(await resumed.variable.data()).toEqual(await straight.variable.data());
  });

  it('takes a tenth of the step at a tenth of the rate', async () => {
    const [full, tenth] = [parameter([0]), parameter([0])];
    new Adam(group([full]), CLIP).apply([tf.tensor1d([1])], 1);
    new Adam(group([tenth]), CLIP).apply([tf.tensor1d([1])], 0.1);
    const [a, b] = [await full.variable.data(), await tenth.variable.data()];
    expectClose([b[0]! * 10], [a[0]!], { rtol: 1e-5, atol: 0 });
  });
});

describeAllBackends('Adam', () => {
  it.each([
    ['no decay', {}, undefined],
    ['AdamW’s decay', { weightDecay: 0.1 }, undefined],
    ['Adam’s own decay', { l2: 0.1 }, undefined],
    ['clipped gradients', { weightDecay: 0.1 }, 0.5],
  ])('follows torch with %s over three steps', async (_, decay, clipNorm) => {
    const scope = ParameterScope.root(drawn(0));
    const weight = scope.weight('weight', { shape: [3], draw: () => Float32Array.from([1, -2, 3]) });
    const adam = new Adam([{ parameters: scope.list, learningRate: 0.1, ...decay }], { clipNorm });
    const gradients = [[1, -2, 3], [0.5, 0.5, -4], [2, 0, 1]]; // prettier-ignore
    for (const gradient of gradients) adam.apply([tf.tensor1d(gradient)]);
    expectClose(await weight.data(), plainAdam([1, -2, 3], gradients, { ...decay, clipNorm }), {
      rtol: 1e-5,
    });
    adam.dispose();
    scope.dispose();
  });

  it('gives each group its own rate and leaves statistics alone', async () => {
    const scope = ParameterScope.root(drawn(0));
    const [fast, slow] = ['fast', 'slow'].map((name) => scope.weight(name, constant([1], 0)));
    const statistic = scope.statistic('statistic', constant([1], 0));
    const [first, ...rest] = scope.list;
    const adam = new Adam([
      { parameters: [first!], learningRate: 0.1 },
      { parameters: rest, learningRate: 0.01 },
    ]);
    expect(adam.variables).toEqual([fast, slow]);
    adam.apply([tf.tensor1d([1]), tf.tensor1d([1])]);
    expectClose(await fast!.data(), [-0.1]);
    expectClose(await slow!.data(), [-0.01]);
    expectClose(await statistic.data(), [0]);
    adam.dispose();
    scope.dispose();
  });
});

/** torch.optim.Adam and AdamW, written from their documentation, rate 0.1. */
function plainAdam(
  start: number[],
  gradients: number[][],
  { weightDecay = 0, l2 = 0, clipNorm = Infinity }: { weightDecay?: number; l2?: number; clipNorm?: number },
): number[] {
  const [p, m, v] = [[...start], start.map(() => 0), start.map(() => 0)];
  gradients.forEach((gradient, i) => {
    const norm = Math.hypot(...gradient);
    const scale = Math.min(1, clipNorm / (norm + 1e-6));
    gradient.forEach((slope, k) => {
      const g = slope * scale + l2 * p[k]!;
      p[k]! *= 1 - 0.1 * weightDecay;
      m[k] = 0.9 * m[k]! + 0.1 * g;
      v[k] = 0.999 * v[k]! + 0.001 * g * g;
      const [mean, square] = [m[k]! / (1 - 0.9 ** (i + 1)), v[k]! / (1 - 0.999 ** (i + 1))];
      p[k]! -= (0.1 * mean) / (Math.sqrt(square) + 1e-8);
    });
  });
  return p;
}
