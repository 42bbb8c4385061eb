// The layers of this folder as parts of an ONNX graph, in inference: batch norm is folded into the layer before it. Values
// come from a model's file by the names under which the layers' scopes stored them.
import type { Graph } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
import {
  activated,
  binary,
  channelMeans,
  convolution,
  length,
  pointwise,
  type Activation,
  type Pads,
} from '../formats/onnx/ops';
import { BATCH_NORM_EPSILON } from './batchNorm';

/** The tensors of a model's file. */
export interface TensorReader {
  /** @throws BadModelFile where there is none of this name */
  shape(name: string): readonly number[];
  /** A tensor of exactly this shape, decoded anew at each call. @throws BadModelFile where there is none */
  read(name: string, shape: readonly number[]): () => Float32Array;
}

/** A graph with the tensors of a model, both under one path. */
export class GraphScope {
  constructor(
    readonly g: Graph,
    private readonly file: TensorReader,
    private readonly path = '',
  ) {}

  scope(name: string): GraphScope {
    return new GraphScope(this.g.scope(name), this.file, `${this.path}${name}.`);
  }

  /** A tensor of this scope. @throws BadModelFile */
  tensor(name: string, shape: readonly number[]): () => Float32Array {
    return this.file.read(this.path + name, shape);
  }

  shapeOf(name: string): readonly number[] {
    return this.file.shape(this.path + name);
  }
}

export interface LinearPart {
  bias: boolean;
  /** The batch norm that follows it. */
  norm?: GraphScope;
  activation?: Activation;
}

/** Linear layer at every place of a map [N, inputs, H, W]. */
export function linearLayer(s: GraphScope, x: Value, outputs: number, part: LinearPart): Value {
  const inputs = length(x, 1);
  const weight = s.tensor('weight', [inputs, outputs]);
  const bias = part.bias ? s.tensor('bias', [outputs]) : null;
  const norm = part.norm && normOf(part.norm, outputs);
  const y = pointwise(
    s.g,
    x,
    'linear',
    [inputs, outputs],
    () => (norm ? scaled(weight(), norm.scale(), outputs) : weight()),
    norm ? () => norm.shift(bias?.()) : (bias ?? undefined),
  );
  return activated(s.g, y, part.activation);
}

const ONE_AROUND: Pads = [1, 1, 1, 1];

/** Every channel with its own 3 x 3 filter, and the batch norm that follows. */
export function depthwiseLayer(s: GraphScope, x: Value, norm: GraphScope): Value {
  const channels = length(x, 1);
  const stored = s.tensor('weight', [3, 3, channels, 1]);
  const { scale, shift } = normOf(norm, channels);
  const filter = {
    name: 'depthwise',
    shape: [channels, 1, 3, 3] as const,
    values: () => outputsFirst(scaled(stored(), scale(), channels), 1, channels),
    bias: () => shift(),
  };
  return convolution(s.g, x, filter, { pads: ONE_AROUND, groups: channels });
}

/** All channels with all by 3 x 3, and the batch norm that follows. @param name of the stored filter */
export function convolutionLayer(
  s: GraphScope,
  x: Value,
  outputs: number,
  norm: GraphScope,
  { name = 'weight', activation }: { name?: string; activation?: Activation } = {},
): Value {
  const inputs = length(x, 1);
  const stored = s.tensor(name, [3, 3, inputs, outputs]);
  const { scale, shift } = normOf(norm, outputs);
  const filter = {
    name: 'convolution',
    shape: [outputs, inputs, 3, 3] as const,
    values: () => outputsFirst(scaled(stored(), scale(), outputs), inputs, outputs),
    bias: () => shift(),
  };
  return activated(s.g, convolution(s.g, x, filter, { pads: ONE_AROUND }), activation);
}

/** Squeeze-excite and the hard-swish after it (squeezeExcite.ts). */
export function squeezeExciteLayer(s: GraphScope, x: Value): Value {
  const channels = length(x, 1);
  const squeezed = Math.max(1, Math.floor(channels / 4));
  const reduced = linearLayer(s.scope('reduce'), channelMeans(s.g, x), squeezed, { bias: false, activation: 'relu' }); // prettier-ignore
  const expanded = linearLayer(s.scope('expand'), reduced, channels, { bias: false });
  const gate = s.g.node('HardSigmoid', [expanded], { alpha: 1 / 6, beta: 0.5 });
  return activated(s.g, binary(s.g, 'Mul', x, gate), 'hard-swish');
}

/** A batch norm as a factor and a summand of the layer before it. */
export function normOf(s: GraphScope, channels: number) {
  const [scale, shift, mean, variance] = ['scale', 'shift', 'runningMean', 'runningVariance'].map((name) =>
    s.tensor(name, [channels]),
  ) as [() => Float32Array, () => Float32Array, () => Float32Array, () => Float32Array];
  const factors = () => {
    const variances = variance();
    return Float64Array.from(scale(), (value, c) => value / Math.sqrt(variances[c]! + BATCH_NORM_EPSILON));
  };
  return {
    scale: factors,
    /** @param bias of the layer before it */
    shift: (bias?: Float32Array) => {
      const [means, scales] = [mean(), factors()];
      return Float32Array.from(shift(), (value, c) => value + ((bias?.[c] ?? 0) - means[c]!) * scales[c]!);
    },
  };
}

/** Columns [..., outputs] times a factor each. */
const scaled = (values: Float32Array, factors: Float64Array, outputs: number): Float32Array =>
  values.map((value, i) => value * factors[i % outputs]!);

/** [3, 3, inputs, outputs] -> [outputs, inputs, 3, 3] */
function outputsFirst(values: Float32Array, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let place = 0; place < 9; place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        turned[(o * inputs + i) * 9 + place] = values[(place * inputs + i) * outputs + o]!;
      }
    }
  }
  return turned;
}
