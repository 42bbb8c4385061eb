// Our network plan as an ONNX model, operation by operation and unfused: what another runtime makes of the very same
// weights. Maps are [B, C, H, W] there; nothing of the engine is used but the plan and the stored tensors.
import { join } from 'node:path';
import protobuf from 'protobufjs';

const root = protobuf.loadSync(join(import.meta.dirname, 'onnx.proto'));
const Model = root.lookupType('onnx.ModelProto');

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 };
const RELU6 = 6;

/**
 * The network up to its deepest tap.
 * @param plan as src/lib/backbones/plan.ts has it @param weights float32 tensors by name
 * @param taps stages whose last block gives an output, in that order @param shape of the input, [B, 3, H, W]
 * @returns the bytes of an .onnx file
 */
export function onnxModel(plan, weights, taps, shape) {
  const graph = new Graph(plan, weights);
  let x = 'image';
  const ends = new Map();
  for (const block of plan.blocks) {
    x = graph.block(block, x);
    ends.set(block.stage, x);
  }
  const value = (name, dims) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const model = {
    irVersion: IR_VERSION,
    producerName: 'grad-playground',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'backbone',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [value('image', shape)],
      output: taps.map((tap) => ({ name: ends.get(tap), type: { tensorType: { elemType: FLOAT } } })),
    },
  };
  return { bytes: Model.encode(Model.fromObject(model)).finish(), outputs: taps.map((tap) => ends.get(tap)) };
}

class Graph {
  nodes = [];
  initializers = [];
  #constants = new Set();

  constructor(plan, weights) {
    this.plan = plan;
    this.weights = weights;
  }

  block({ layers, shortcut, activation }, input) {
    const x = layers.reduce((y, layer) => this.#layer(layer, y), input);
    if (shortcut === 'none') return x;
    const other = shortcut === 'identity' ? input : this.#layer(shortcut, input);
    return this.#activated(this.#node('Add', [x, other]), activation);
  }

  #layer(layer, x) {
    const window = {
      kernel_shape: [layer.kernel, layer.kernel],
      strides: [layer.stride, layer.stride],
      ...this.#padding(layer.kernel),
    };
    if (layer.kind === 'maxPool') return this.#node('MaxPool', [x], window);
    const gated = layer.gate ? this.#node('Mul', [x, this.#gate(layer.gate, x)]) : x;
    const group = layer.depthwise ? layer.input : 1;
    const y = this.#node('Conv', [gated, this.#stored(`${layer.weight}.weight`)], { ...window, group });
    const norms = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.#stored(`${layer.norm}.${part}`),
    );
    const normed = this.#node('BatchNormalization', [y, ...norms], { epsilon: Number(this.plan.epsilon) });
    return this.#activated(normed, layer.activation);
  }

  #gate({ name }, x) {
    const dense = (part, input) =>
      this.#node('Conv', [
        input,
        this.#stored(`${name}.${part}.weight`),
        this.#stored(`${name}.${part}.bias`),
      ]);
    const squeezed = dense('conv_reduce', this.#node('GlobalAveragePool', [x]));
    return this.#node('Sigmoid', [dense('conv_expand', this.#activated(squeezed, 'silu'))]);
  }

  #activated(x, activation) {
    if (activation === 'linear') return x;
    if (activation === 'silu') return this.#node('Mul', [x, this.#node('Sigmoid', [x])]);
    if (activation === 'relu') return this.#node('Relu', [x]);
    return this.#node('Clip', [x, this.#scalar('zero', 0), this.#scalar('six', RELU6)]);
  }

  #padding(kernel) {
    if (this.plan.padding === 'same') return { auto_pad: 'SAME_UPPER' };
    return { pads: Array(4).fill(kernel >> 1) };
  }

  #node(opType, input, attributes = {}) {
    const name = `${opType}_${this.nodes.length}`;
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.nodes.push({ input, output: [name], name, opType, attribute });
    return name;
  }

  #stored(name) {
    const { shape, bytes } = this.weights.get(name);
    return this.#constant(name, shape, Buffer.from(bytes));
  }

  #scalar(name, value) {
    return this.#constant(name, [], Buffer.from(Float32Array.of(value).buffer));
  }

  #constant(name, dims, rawData) {
    if (!this.#constants.has(name)) this.initializers.push({ name, dims, dataType: FLOAT, rawData });
    this.#constants.add(name);
    return name;
  }
}

function attributeOf(name, value) {
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: ATTRIBUTE.string };
  if (Array.isArray(value)) return { name, ints: value, type: ATTRIBUTE.ints };
  const whole = Number.isInteger(value);
  return whole ? { name, i: value, type: ATTRIBUTE.int } : { name, f: value, type: ATTRIBUTE.float };
}
