// The messages of an ONNX file as protobuf writes them: field numbers and types of the public schema (onnx.proto of
// IR version 8), no more of it than is written here. The large tensors are not among the bytes: file.ts lays them between.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Element types by their numbers in the schema. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export const ELEMENT_BYTES: Record<ElementType, number> = {
  float32: 4,
  uint8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
};

/** A length, or a name for one that is known only when the graph runs. */
export type Dimension = number | string;

/** What flows between two nodes. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** A whole number. */
export interface Int {
  int: number;
}
/** Numbers that stand alone are written as floats; lists are of whole numbers. */
export type Attribute = number | Int | string | readonly number[];

/** As in `{ axis: int(1) }`. */
export const int = (value: number): Int => ({ int: value });

export interface Node {
  op: string;
  name: string;
  /** Names; an empty one leaves an optional input out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** A tensor's bytes but for its values. */
export interface TensorHead {
  name: string;
  type: ElementType;
  shape: readonly number[];
}

const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** The start of a length-delimited field: its tag and its length. */
export const fieldStart = (field: number, length: number): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();

type Fill = (writer: BinaryWriter) => BinaryWriter;

/** A message of its own. */
export const message = (fill: Fill): Uint8Array => fill(new BinaryWriter()).finish();

/** A message within another. */
const inside = (writer: BinaryWriter, field: number, fill: Fill): BinaryWriter =>
  fill(writer.tag(field, WireType.LengthDelimited).fork()).join();

const text = (writer: BinaryWriter, field: number, value: string): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).string(value);

const number = (writer: BinaryWriter, field: number, value: number): BinaryWriter =>
  writer.tag(field, WireType.Varint).int64(value);

/** NodeProto, as a field `node` of GraphProto. */
export const nodeField = ({ op, name, inputs, outputs, attributes }: Node): Uint8Array =>
  message((writer) =>
    inside(writer, 1, (node) => {
      for (const input of inputs) text(node, 1, input);
      for (const output of outputs) text(node, 2, output);
      text(text(node, 3, name), 4, op);
      for (const [key, value] of Object.entries(attributes)) {
        inside(node, 5, (attribute) => writeAttribute(attribute, key, value));
      }
      return node;
    }),
  );

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): BinaryWriter {
  text(writer, 1, name);
  if (typeof value === 'number') {
    return number(writer.tag(2, WireType.Bit32).float(value), 20, ATTRIBUTE_TYPES.float);
  }
  if (typeof value === 'string') return number(text(writer, 4, value), 20, ATTRIBUTE_TYPES.string);
  if ('int' in value) return number(number(writer, 3, value.int), 20, ATTRIBUTE_TYPES.int);
  for (const item of value) number(writer, 8, item);
  return number(writer, 20, ATTRIBUTE_TYPES.ints);
}

/** TensorProto up to its values: what follows is `length` bytes of them. */
export const tensorHead = ({ name, type, shape }: TensorHead, length: number): Uint8Array =>
  message((writer) => {
    for (const size of shape) number(writer, 1, size);
    text(number(writer, 2, ELEMENT_TYPES[type]), 8, name);
    return writer.raw(fieldStart(9, length));
  });

/** ValueInfoProto: an input (11), an output (12) or a value between nodes (13) of GraphProto. */
export const valueField = (field: 11 | 12 | 13, { name, type, shape }: Value): Uint8Array =>
  message((writer) =>
    inside(writer, field, (info) =>
      inside(text(info, 1, name), 2, (ofType) =>
        inside(ofType, 1, (tensor) =>
          inside(number(tensor, 1, ELEMENT_TYPES[type]), 2, (ofShape) => {
            for (const size of shape) {
              inside(ofShape, 1, (dim) =>
                typeof size === 'number' ? number(dim, 1, size) : text(dim, 2, size),
              );
            }
            return ofShape;
          }),
        ),
      ),
    ),
  );

export const graphName = (name: string): Uint8Array => message((writer) => text(writer, 2, name));

export interface ModelHead {
  irVersion: number;
  opset: number;
  producer: string;
  producerVersion: string;
}

/** ModelProto but for its graph (field 7). */
export const modelHead = (
  { irVersion, opset, producer, producerVersion }: ModelHead,
  metadata: Readonly<Record<string, string>>,
): Uint8Array =>
  message((writer) => {
    text(text(number(writer, 1, irVersion), 2, producer), 3, producerVersion);
    inside(writer, 8, (imported) => number(text(imported, 1, ''), 2, opset));
    for (const [key, value] of Object.entries(metadata)) {
      inside(writer, 14, (entry) => text(text(entry, 1, key), 2, value));
    }
    return writer;
  });
