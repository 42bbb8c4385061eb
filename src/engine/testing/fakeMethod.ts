// The smallest method that honours the contract: remembers the mean training input, answers with the distance to it.
// For tests of everything around a method.
import { tf } from '../../lib/gpu/tf';
import { BadModelFile } from '../../lib/methods/errors';
import type { MethodAbout } from '../../lib/methods/about';
import type { Detector, FitContext, MethodDefinition, StoredTensor } from '../../lib/methods/detector';
import { aboutMethod, type BaselineId } from '../../lib/methods/list';

/** @param input what it pretends to look at; @param rounds times it looks at every image */
export function fakeMethod(id: BaselineId, input: MethodAbout['input'], rounds = 1): MethodDefinition {
  const detectorOf = (mean: tf.Tensor4D): Detector => ({
    method: id,
    config: { fake: true },
    map: (batch) => tf.tidy(() => batch.sub(mean).square().sum(-1).sqrt() as tf.Tensor3D),
    tensors: async () => ({ mean: { shape: mean.shape, data: (await mean.data<'float32'>()).slice() } }),
    dispose: () => mean.dispose(),
  });

  async function fit({ source, control, report }: FitContext): Promise<Detector | null> {
    const steps = rounds * source.count;
    let sum: tf.Tensor4D | null = null;
    for (let step = 0; step < steps; step++) {
      if (!(await control.next())) {
        sum?.dispose();
        return null;
      }
      const batch = source.batch([step % source.count]);
      const before = sum as tf.Tensor4D | null;
      sum = tf.tidy(() => (before ? before.add(batch) : batch.clone()));
      tf.dispose(before ? [before, batch] : [batch]);
      // Lets the loss of a device, and its control, be heard.
      await new Promise((resolve) => setTimeout(resolve));
      report({ phase: 'adding up', step: step + 1, steps, losses: [] });
    }
    const mean = tf.tidy(() => sum!.div<tf.Tensor4D>(steps));
    sum!.dispose();
    return detectorOf(mean);
  }

  function restore(_config: unknown, tensors: ReadonlyMap<string, StoredTensor>): Detector {
    const mean = tensors.get('mean');
    if (mean?.shape.length !== 4) throw new BadModelFile('the tensor mean is missing');
    return detectorOf(tf.tensor4d(mean.data, mean.shape as [number, number, number, number]));
  }

  return { about: { ...aboutMethod(id), input }, optionsFrom: () => ({}), fit, restore };
}
