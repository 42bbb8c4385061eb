// A graph as the bytes of an ONNX file, piece by piece: the values of a tensor are made when their turn comes, so that
// writing a large model takes no more memory than its largest tensor beside the model itself.
import { RemedyError } from '../../errors';
import { float32ToFloat16 } from '../halfFloat';
import { byteLength, sizeOf, type Graph, type Initialiser } from './graph';
import { fieldStart, graphName, modelHead, nodeField, tensorHead, valueField } from './messages';

/** Opset 18 is the first in which all reductions take their axes as an input; IR version 8 came with it. */
const OPSET = 18;
const IR_VERSION = 8;

/** Protobuf's own limit: readers refuse a message of 2 GiB. */
const MOST_BYTES = 2 ** 31 - 1;

export class ModelTooLarge extends RemedyError {
  override readonly name = 'ModelTooLarge';
  constructor(bytes: number, largest: string) {
    super(
      `The exported model would take ${(bytes / 2 ** 30).toFixed(1)} GiB, more than the 2 GiB that an ONNX file may have; its largest part is ${largest}.`,
      'Export it with --precision f16, or train a smaller one: fewer channels, a smaller input, a smaller memory.',
    );
  }
}

/** A file to be written. */
export interface OnnxFile {
  bytes: number;
  metadata: OnnxDescription['metadata'];
  /** Its bytes in order; each call makes them anew. */
  pieces(): Generator<Uint8Array<ArrayBuffer>>;
}

export interface OnnxDescription {
  producer: string;
  producerVersion: string;
  /** What `metadata_props` says. */
  metadata: Readonly<Record<string, string>>;
}

/** @throws ModelTooLarge */
export function onnxFile(graph: Graph, { metadata, ...producer }: OnnxDescription): OnnxFile {
  const { nodes, inputs, outputs, between, initialisers } = graph.parts;
  const head = joined([modelHead({ irVersion: IR_VERSION, opset: OPSET, ...producer }, metadata)]);
  const body = joined([
    graphName('detector'),
    ...inputs.map((value) => valueField(11, value)),
    ...outputs.map((value) => valueField(12, value)),
    ...between.map((value) => valueField(13, value)),
    ...nodes.map(nodeField),
  ]);
  const tensors = initialisers.map((initialiser) => ({ initialiser, head: tensorField(initialiser) }));
  const ofTensors = tensors.reduce((sum, part) => sum + part.head.length + byteLength(part.initialiser), 0);
  const start = joined([fieldStart(7, body.length + ofTensors)]);
  const bytes = head.length + start.length + body.length + ofTensors;
  if (bytes > MOST_BYTES) throw new ModelTooLarge(bytes, largestOf(initialisers));
  return {
    bytes,
    metadata,
    *pieces() {
      yield* [head, start, body];
      for (const { initialiser, head: ofTensor } of tensors) {
        yield ofTensor;
        yield* valuesOf(initialiser);
      }
    },
  };
}

/** A tensor up to its values, as a field `initializer` of GraphProto. */
function tensorField(initialiser: Initialiser): Uint8Array<ArrayBuffer> {
  const length = byteLength(initialiser);
  const head = tensorHead(initialiser, length);
  return joined([fieldStart(5, head.length + length), head]);
}

/** Numbers turned into halves at a time. */
const TURNED_AT_ONCE = 2 ** 20;

/** Little-endian, as every machine that runs this is. */
function* valuesOf(initialiser: Initialiser): Generator<Uint8Array<ArrayBuffer>> {
  const { name, type, shape } = initialiser;
  const values = initialiser.values();
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(`${name}: shape [${shape.join()}] has not ${values.length} elements`);
  }
  if (type !== 'float16') return yield bytesOf(values);
  for (let from = 0; from < values.length; from += TURNED_AT_ONCE) {
    yield bytesOf(float32ToFloat16((values as Float32Array).subarray(from, from + TURNED_AT_ONCE)));
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

const largestOf = (initialisers: readonly Initialiser[]): string =>
  initialisers.reduce((a, b) => (byteLength(b) > byteLength(a) ? b : a)).name;

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
