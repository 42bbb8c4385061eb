// The whole model against PyTorch: what both branches rebuild, the map, the training loss, and every gradient.
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { toChannelsLast, torchConfig, torchParameters } from '../../../testing/torchModel';
import { BiGrid } from './biGrid';
import { reconstructionLoss } from './losses';

describe('BiGrid against PyTorch', () => {
  for (const decoder of ['mobile', 'basic'] as const) {
    describeAllBackends(`the ${decoder} decoder`, () => {
      const read = golden(`bigrid_${decoder}`);
      let model: BiGrid;
      let phi: tf.Tensor4D;

      beforeAll(() => {
        const values = torchParameters(decoder, 'before');
        model = BiGrid.from(torchConfig(decoder), (name) => values.get(name)!);
        phi = tf.tensor4d(toChannelsLast(read('features')), [4, 4, 3, 8]);
        return () => {
          model.dispose();
          phi.dispose();
        };
      });

      it('rebuilds the same features in both branches and fuses them', async () => {
        const { normal, abnormal } = model.branches(phi);
        const fused = model.fuse({ normal, abnormal });
        expectClose(await normal!.data(), toChannelsLast(read('eval.normal')));
        expectClose(await abnormal!.data(), toChannelsLast(read('eval.abnormal')));
        expectClose(await fused.data(), toChannelsLast(read('eval.fused')));
        tf.dispose([normal!, abnormal!, fused]);
      });

      it('draws the same anomaly map', async () => {
        const map = tf.tidy(() => distanceMap(phi, model.fuse(model.branches(phi)), true));
        expectClose(await map.data(), read('eval.anomaly_map').data);
        map.dispose();
      });

      it('has the same training loss, gradients of all parameters, and running statistics', async () => {
        const trained = model.parameters.filter(({ role }) => role !== 'statistic');
        const variables = trained.map(({ variable }) => variable);
        const { value, grads } = tf.variableGrads(
          () => reconstructionLoss(phi, model.fuse(model.branches(phi, { jitter: null }))),
          variables,
        );
        expectClose(await value.data(), read('train.mse_loss').data);
        const expected = torchParameters(decoder, 'grad');
        expect(new Set(trained.map(({ name }) => name))).toEqual(new Set(expected.keys()));
        for (const { name, variable } of trained) {
          expectClose(await grads[variable.name]!.data(), expected.get(name)!, { rtol: 1e-3, atol: 1e-6 });
        }
        tf.dispose([value, grads]);
        // The forward pass above moved the running statistics, by one batch.
        const after = torchParameters(decoder, 'after');
        for (const { name, variable } of model.parameters.filter(({ role }) => role === 'statistic')) {
          expectClose(await variable.data(), after.get(name)!);
        }
      });
    });
  }
});
