// The activations of the mobile decoder. torch's definitions: hard-sigmoid = relu6(x + 3) / 6.
import type { tf } from '../gpu/tf';

export const hardSigmoid = <T extends tf.Tensor>(x: T): T => x.add(3).relu6().div(6) as T;

export const hardSwish = <T extends tf.Tensor>(x: T): T => x.mul(hardSigmoid(x)) as T;
