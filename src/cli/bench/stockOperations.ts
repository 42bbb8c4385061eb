// What our kernels replace, composed of stock tfjs operations as one would without them: the yardsticks of
// `bench kernels`. Nothing else uses them.
import { tf } from '../../lib/gpu/tf';
import type { Activation } from '../../lib/kernels/convolution/activation';

/**
 * Bilinear sampling as a product with the weights of all cells, most of them zero: tfjs's gather cannot stand
 * behind coordinates that train. table [R, R, K], coords [N, 2].
 */
export function gridSample(table: tf.Tensor, coords: tf.Tensor): tf.Tensor {
  const [side, , channels] = table.shape as [number, number, number];
  const position = coords.add(1).mul(side).sub(1).div(2);
  const [x, y] = tf.split(position, 2, 1) as [tf.Tensor, tf.Tensor];
  const closeness = (at: tf.Tensor) => at.sub(tf.range(0, side)).abs().mul(-1).add(1).relu();
  const weights = closeness(y).expandDims(2).mul(closeness(x).expandDims(1));
  return tf.matMul(weights.reshape([-1, side * side]), table.reshape([side * side, channels]));
}

/** Training mode, over all axes but the last. */
export function batchNorm(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return x
    .sub(mean)
    .mul(scale.div(variance.add(epsilon).sqrt()))
    .add(shift);
}

/** Per image and channel, by the unbiased standard deviation. */
export function instanceNorm(x: tf.Tensor, epsilon: number): tf.Tensor {
  const pixels = x.shape[1]! * x.shape[2]!;
  const { mean, variance } = tf.moments(x, [1, 2], true);
  return x.sub(mean).div(
    variance
      .mul(pixels / (pixels - 1))
      .sqrt()
      .add(epsilon),
  );
}

/** Over the last axis. x [..., C], scale and shift [C] */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(scale).add(shift);
}

/** Multi-head attention [B, N, C] in which no token sees the square of cells around it, with the whole matrix of scores. */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  {
    heads,
    grid,
    hidden,
  }: { heads: number; grid: readonly [number, number]; hidden: readonly [number, number] },
): tf.Tensor {
  const [batch, tokens, channels] = q.shape as [number, number, number];
  const width = channels / heads;
  const split = (x: tf.Tensor): tf.Tensor4D => x.reshape<tf.Tensor4D>([batch, tokens, heads, width]).transpose([0, 2, 1, 3]); // prettier-ignore
  const scores = tf.matMul(split(q), split(k), false, true).div(Math.sqrt(width));
  const weights = tf.softmax(scores.add<tf.Tensor4D>(hiddenNeighbours(grid, hidden)));
  return tf.matMul(weights, split(v)).transpose([0, 2, 1, 3]).reshape(q.shape);
}

/** Attention of every token on every token, queries, keys and values side by side: [B, N, 3 C], with the whole matrix of scores. */
export function tokenAttention(qkv: tf.Tensor3D, heads: number): tf.Tensor {
  const [batch, tokens, columns] = qkv.shape;
  const width = columns / 3 / heads;
  const parts = qkv.reshape([batch, tokens, 3, heads, width]).transpose([2, 0, 3, 1, 4]);
  const [q, k, v] = tf.unstack(parts) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const weights = tf.softmax(tf.matMul(q, k, false, true).div<tf.Tensor4D>(Math.sqrt(width)));
  return tf
    .matMul(weights, v)
    .transpose([0, 2, 1, 3])
    .reshape([batch, tokens, heads * width]);
}

/** Minus a billion where a token must not look, [N, N]. */
function hiddenNeighbours(
  [height, width]: readonly [number, number],
  [high, wide]: readonly [number, number],
) {
  const tokens = height * width;
  const apart = (a: number, b: number, reach: number) => Math.abs(a - b) > (reach - 1) / 2;
  const mask = Float32Array.from({ length: tokens * tokens }, (_, i) => {
    const [from, to] = [Math.floor(i / tokens), i % tokens];
    const rows = apart(Math.floor(from / width), Math.floor(to / width), high);
    return rows || apart(from % width, to % width, wide) ? 0 : -1e9;
  });
  return tf.tensor2d(mask, [tokens, tokens]);
}

export const hardSwish = (x: tf.Tensor): tf.Tensor => x.mul(x.add(3).relu6().div(6));

export function activated(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === 'silu') return x.mul(x.sigmoid());
  if (activation === 'linear') return x;
  return activation === 'relu6' ? x.relu6() : x.relu();
}

export const gated = (x: tf.Tensor, gate: tf.Tensor): tf.Tensor =>
  x.mul(gate.reshape([gate.shape[0]!, 1, 1, gate.shape[1]!]));

/** A 1x1 convolution with bias. */
export function pointwise(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const filter = weight.reshape<tf.Tensor4D>([1, 1, ...(weight.shape as [number, number])]);
  return tf.conv2d(x as tf.Tensor4D, filter, 1, 'same').add(bias);
}

/** The same as a matrix product. */
export function matrixProduct(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [inputs, outputs] = weight.shape as [number, number];
  const rows = tf.matMul(x.reshape([-1, inputs]), weight as tf.Tensor2D).add(bias);
  return rows.reshape([...x.shape.slice(0, -1), outputs]);
}

export function depthwise(x: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  return tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
}

/** sigmoid(expand * silu(reduce * mean(x) + reduceBias) + expandBias); both weights [reduced, C]. */
export function squeezeExcite(
  x: tf.Tensor,
  reduce: tf.Tensor,
  reduceBias: tf.Tensor,
  expand: tf.Tensor,
  expandBias: tf.Tensor,
): tf.Tensor {
  const means = x.mean<tf.Tensor2D>([1, 2]);
  const squeezed = tf.matMul(means, reduce as tf.Tensor2D, false, true).add(reduceBias);
  const excited = tf.matMul(squeezed.mul<tf.Tensor2D>(squeezed.sigmoid()), expand as tf.Tensor2D);
  return excited.add(expandBias).sigmoid();
}

/** Blurred block added to all channels. phi [B, H, W, C], mask [B, H, W], intensity [B]. */
export function pasteBlock(phi: tf.Tensor, mask: tf.Tensor, intensity: tf.Tensor): tf.Tensor {
  const [batch, height, width] = mask.shape as [number, number, number];
  const block = mask.mul(intensity.reshape([batch, 1, 1])).reshape<tf.Tensor4D>([batch, height, width, 1]);
  const padded = tf.mirrorPad(block, [[0, 0], [1, 1], [1, 1], [0, 0]], 'reflect'); // prettier-ignore
  return phi.add(tf.conv2d(padded, gaussian([3, 3], 0.8), 1, 'valid'));
}

/** Refined distance map: METHOD's formulas one by one. */
export function distanceMap(phi: tf.Tensor, xPre: tf.Tensor): tf.Tensor {
  const difference = xPre.sub(phi);
  const near = difference.square().mean(-1).mul(0.05).clipByValue(0, 1).round().mul(-1).add(1);
  const lengths = phi.norm('euclidean', -1).mul(xPre.norm('euclidean', -1));
  const cosine = phi.mul(xPre).sum(-1).div(lengths.maximum(1e-8));
  const similarity = near.mul(0.3).add(cosine.mul(0.7)).expandDims(-1);
  const refined = similarity.mul(phi).add(similarity.mul(-1).add(1).mul(xPre));
  return refined.sub(phi).norm('euclidean', -1);
}

/** Upsampled bilinearly with corners aligned, then smoothed along both axes. map [B, H, W]. */
export function upsampleAndSmooth(map: tf.Tensor, size: number, sigma: number): tf.Tensor {
  const large = tf.image.resizeBilinear(map.expandDims<tf.Tensor4D>(-1), [size, size], true);
  const radius = Math.round(4 * sigma);
  const padded = tf.mirrorPad(large, [[0, 0], [radius, radius], [radius, radius], [0, 0]], 'symmetric'); // prettier-ignore
  const length = 2 * radius + 1;
  const rows = tf.conv2d(padded, gaussian([length, 1], sigma), 1, 'valid');
  return tf.conv2d(rows, gaussian([1, length], sigma), 1, 'valid').squeeze([-1]);
}

/** A normalised Gaussian as a filter [height, width, 1, 1]. */
function gaussian([height, width]: [number, number], sigma: number): tf.Tensor4D {
  const bell = (length: number) =>
    tf
      .range(0, length)
      .sub((length - 1) / 2)
      .div(sigma)
      .square()
      .mul(-0.5)
      .exp();
  const taps = tf.outerProduct(bell(height) as tf.Tensor1D, bell(width) as tf.Tensor1D);
  return taps.div(taps.sum()).reshape([height, width, 1, 1]);
}

/** The first AdamW step as new tensors: parameter, m, v. */
export function adamw(
  parameter: tf.Tensor,
  m: tf.Tensor,
  v: tf.Tensor,
  gradient: tf.Tensor,
  scale: tf.Tensor,
): tf.Tensor[] {
  const clipped = gradient.mul(scale);
  const nextM = m.mul(0.9).add(clipped.mul(0.1));
  const nextV = v.mul(0.999).add(clipped.square().mul(0.001));
  const step = nextM.div(0.1).div(nextV.div(0.001).sqrt().add(1e-8));
  return [parameter.mul(1 - 1e-5).sub(step.mul(1e-3)), nextM, nextV];
}

/** Global norm of all gradients and the factor that limits it. */
export function clipScale(gradients: tf.Tensor[], maximum: number): tf.Tensor[] {
  const norm = tf
    .stack(gradients.map((gradient) => gradient.square().sum()))
    .sum()
    .sqrt();
  return [norm, tf.scalar(maximum).div(norm.add(1e-6)).minimum(1)];
}

/** Euclidean distance of each query [Q, C] to the nearest point of the bank [C, M], [Q, 1]: |q|^2 + |p|^2 - 2 q p. */
export function nearestDistance(queries: tf.Tensor, bank: tf.Tensor): tf.Tensor {
  const products = tf.matMul(queries as tf.Tensor2D, bank as tf.Tensor2D);
  const squares = products.mul(-2).add(bank.square().sum(0, true)).add(queries.square().sum(1, true));
  return squares.min(1, true).relu().sqrt();
}

/** Greedy k-centre choice of `count` points [N, d], the first one first; the picks stay on the GPU here too. */
export function coreset(points: tf.Tensor, count: number): tf.Tensor {
  let pick: tf.Tensor = tf.zeros([1], 'int32');
  let distances: tf.Tensor = tf.fill([points.shape[0]!], 1e38);
  const picks = [pick];
  while (picks.length < count) {
    distances = distances.minimum(
      points
        .sub(tf.gather(points, pick as tf.Tensor1D))
        .square()
        .sum(1),
    );
    pick = distances.argMax(0).reshape([1]);
    picks.push(pick);
  }
  return tf.concat(picks);
}
