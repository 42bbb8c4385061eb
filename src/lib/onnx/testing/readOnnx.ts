// What an ONNX file says, for tests: its graph's parts by name, without the tensors' values.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface ReadOnnx {
  opset: number;
  metadata: Record<string, string>;
  inputs: Info[];
  outputs: Info[];
  nodes: { name: string; op: string; inputs: string[]; outputs: string[] }[];
  initialisers: string[];
}

interface Info {
  name: string;
  /** ONNX's number of the element type. */
  type: number;
  shape: (number | string)[];
}

type Fields = Map<number, (Uint8Array | number)[]>;

/** All fields of a message: numbers, and bytes of what is longer. */
function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields: Fields = new Map();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const values = fields.get(field) ?? [];
    if (wire === WireType.Varint) values.push(Number(reader.int64()));
    else if (wire === WireType.LengthDelimited) values.push(reader.bytes());
    else reader.skip(wire);
    fields.set(field, values);
  }
  return fields;
}

const messages = (fields: Fields, field: number): Fields[] =>
  (fields.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));
const texts = (fields: Fields, field: number): string[] =>
  (fields.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));
const text = (fields: Fields, field: number): string => texts(fields, field)[0] ?? '';

export function readOnnx(file: Uint8Array): ReadOnnx {
  const model = fieldsOf(file);
  const graph = messages(model, 7)[0]!;
  return {
    opset: messages(model, 8)[0]!.get(2)![0] as number,
    metadata: Object.fromEntries(messages(model, 14).map((entry) => [text(entry, 1), text(entry, 2)])),
    inputs: messages(graph, 11).map(infoOf),
    outputs: messages(graph, 12).map(infoOf),
    nodes: messages(graph, 1).map((node) => ({
      ...{ name: text(node, 3), op: text(node, 4) },
      ...{ inputs: texts(node, 1), outputs: texts(node, 2) },
    })),
    initialisers: messages(graph, 5).map((tensor) => text(tensor, 8)),
  };
}

function infoOf(info: Fields): Info {
  const tensor = messages(messages(info, 2)[0]!, 1)[0]!;
  const dims = messages(messages(tensor, 2)[0]!, 1);
  return {
    name: text(info, 1),
    type: tensor.get(1)![0] as number,
    shape: dims.map((dim) => (dim.get(1)?.[0] as number | undefined) ?? text(dim, 2)),
  };
}
