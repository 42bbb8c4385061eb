// Many small tensors as one, end to end, and back: what the optimiser does once for all of them it would otherwise do once each.
// Copies of buffers, no dispatch.
import { copyBuffers } from '../../gpu/backend';
import { defineKernel } from '../../gpu/kernel';
import { tf } from '../../gpu/tf';

const lengthOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape);

/** Where each tensor begins in the whole, and the whole's length. */
function placesOf(tensors: readonly tf.TensorInfo[]): { places: number[]; length: number } {
  let length = 0;
  const places = tensors.map((tensor) => (length += lengthOf(tensor)) - lengthOf(tensor));
  return { places, length };
}

const named = <T extends tf.TensorInfo>(tensors: readonly T[]): Record<string, T> =>
  Object.fromEntries(tensors.map((tensor, i) => [`${i}`, tensor]));

const pack = defineKernel<string>({
  name: 'PackTensors',
  outputShapes: ({ inputs }) => [[placesOf(Object.values(inputs)).length]],
  cpu: ({ inputs, values, outputs }) => {
    const { places } = placesOf(Object.values(inputs));
    Object.values(values).forEach((one, i) => outputs[0]!.set(one, places[i]));
  },
  webgpu: ({ backend, inputs, outputs }) => {
    const tensors = Object.values(inputs);
    const { places } = placesOf(tensors);
    const [whole] = outputs as [tf.TensorInfo];
    copyBuffers(
      backend,
      tensors.map((from, i) => ({ from, to: whole, toStart: places[i]!, count: lengthOf(from) })),
    );
  },
});

const unpack = defineKernel<string>({
  name: 'UnpackTensors',
  outputShapes: () => [],
  cpu: ({ inputs, values, replace }) => {
    const names = Object.keys(inputs).filter((name) => name !== 'whole');
    const { places } = placesOf(names.map((name) => inputs[name]!));
    names.forEach((name, i) => {
      replace(name, values.whole!.slice(places[i], places[i]! + values[name]!.length));
    });
  },
  webgpu: ({ backend, inputs: { whole, ...parts } }) => {
    const tensors = Object.values(parts);
    const { places } = placesOf(tensors);
    copyBuffers(
      backend,
      tensors.map((to, i) => ({ from: whole!, fromStart: places[i]!, to, count: lengthOf(to) })),
    );
  },
});

/** All values of some tensors, at least one, end to end: [total]. */
export function packTensors(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return pack(named(tensors), {})[0] as tf.Tensor1D;
}

/**
 * Writes the values back, in place: whatever shares a buffer with one of the variables changes too.
 * @throws Error when the lengths do not fit
 */
export function unpackTensors(whole: tf.Tensor1D, variables: readonly tf.Variable[]): void {
  tf.util.assertShapesMatch(whole.shape, [placesOf(variables).length], 'unpackTensors: ');
  unpack({ ...named<tf.Tensor>(variables), whole }, {});
}
