// One optimiser step on the reference models' own gradients against PyTorch (AdamW, two rates, clipped to 0.1).
// The gradients come from the file: Adam's first step turns a difference of 1e-7 into a visible one.
import { describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { clipScale } from '../kernels/optimiser/clipScale';
import { expectClose, golden } from '../../testing/golden';
import { describeBackends } from '../../testing/gpu';
import { torchConfig, torchParameters } from '../../testing/torchModel';
import { BiGrid } from '../methods/grad/biGrid';
import { AdamW } from './optimiser';
import type { Parameter } from './parameters';

const RATES = { learningRate: 1e-3, gridLearningRate: 0.1 };

describe('AdamW against PyTorch', () => {
  for (const decoder of ['mobile', 'basic'] as const) {
    describeBackends(`the ${decoder} model`, () => {
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
        const optimiser = new AdamW(parameters, RATES);
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

describeBackends('AdamW', () => {
  const parameter = (start: number[]): Parameter => ({
    name: 'test',
    role: 'weight',
    variable: tf.variable(tf.tensor1d(start)),
  });

  it('goes on from its saved state as if it had never stopped', async () => {
    const gradients = [[1, -2, 3], [0.5, 0.5, -4], [2, 0, 1]].map((g) => tf.tensor1d(g)); // prettier-ignore
    const [straight, resumed] = [parameter([1, 2, 3]), parameter([1, 2, 3])];
    const first = new AdamW([straight], RATES);
    for (const gradient of gradients) first.apply([gradient], 1);
    const second = new AdamW([resumed], RATES);
    for (const gradient of gradients.slice(0, 2)) second.apply([gradient], 1);
    const third = new AdamW([resumed], RATES, await second.state());
    third.apply([gradients[2]!], 1);
    expect(await resumed.variable.data()).toEqual(await straight.variable.data());
  });

  it('takes a tenth of the step at a tenth of the rate', async () => {
    const [full, tenth] = [parameter([0]), parameter([0])];
    new AdamW([full], RATES).apply([tf.tensor1d([1])], 1);
    new AdamW([tenth], RATES).apply([tf.tensor1d([1])], 0.1);
    const [a, b] = [await full.variable.data(), await tenth.variable.data()];
    expectClose([b[0]! * 10], [a[0]!], { rtol: 1e-5, atol: 0 });
  });
});
