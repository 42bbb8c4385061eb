// A graph while it is built: values with their types and shapes, nodes in the order they run, and tensors whose values
// are read only when the file is written. What it may hold is ONNX's standard operators; ops.ts has those used here.
import {
  ELEMENT_BYTES,
  type Attribute,
  type Dimension,
  type ElementType,
  type Node,
  type TensorHead,
  type Value,
} from './messages';

/** How large weights are stored; arithmetic is in float32 either way. */
export type Precision = 'f32' | 'f16';

export type TensorValues = Float32Array | Float64Array | Uint8Array | Int32Array | BigInt64Array;

export interface Initialiser extends TensorHead {
  /** Read anew whenever it is asked for, so that no large tensor is kept twice. */
  values(): TensorValues;
}

/** The parts of a graph, shared by all scopes of it. */
interface Parts {
  inputs: Value[];
  outputs: Value[];
  nodes: Node[];
  initialisers: Initialiser[];
  /** Values between nodes. */
  between: Value[];
  names: Set<string>;
  /** Learned tensors by path and name: layers that run several times store them once. */
  known: Map<string, Value>;
}

/** Tensors with fewer elements stay float32 whatever the precision: nothing is gained by halving them. */
const SMALLEST_HALVED = 1024;
const LARGEST_HALF = 65504;

export class Graph {
  private constructor(
    readonly parts: Parts,
    readonly precision: Precision,
    private readonly path: string,
  ) {}

  static create(precision: Precision): Graph {
    const [names, known] = [new Set<string>(), new Map<string, Value>()];
    return new Graph({ inputs: [], outputs: [], nodes: [], initialisers: [], between: [], names, known }, precision, ''); // prettier-ignore
  }

  /** The same graph; names made through it begin with this one. */
  scope(name: string): Graph {
    return new Graph(this.parts, this.precision, `${this.path}${name}/`);
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name: this.#unique(name), type, shape };
    this.parts.inputs.push(value);
    return value;
  }

  /** Gives a value out under a name of its own. */
  output(name: string, value: Value): void {
    const { type, shape } = value;
    const output = { name: this.#unique(name), type, shape };
    this.parts.nodes.push({ op: 'Identity', name: `${output.name}/out`, inputs: [value.name], outputs: [output.name], attributes: {} }); // prettier-ignore
    this.parts.outputs.push(output);
  }

  /**
   * One node with one result.
   * @param inputs null leaves an optional one out
   * @param of the result's type and shape; by default those of the first input
   */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    of: Partial<Pick<Value, 'type' | 'shape'>> = {},
  ): Value {
    return this.nodes(op, inputs, attributes, [of])[0]!;
  }

  /** One node with several results. */
  nodes(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, Attribute>>,
    results: readonly Partial<Pick<Value, 'type' | 'shape'>>[],
  ): Value[] {
    const name = this.#unique(this.path + op);
    const [first] = inputs;
    const outputs = results.map(({ type = first!.type, shape = first!.shape }, i) => {
      return { name: this.#unique(results.length > 1 ? `${name}_${i}` : `${name}:0`), type, shape };
    });
    this.parts.nodes.push({
      op,
      name,
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes,
    });
    this.parts.between.push(...outputs);
    return outputs;
  }

  /** Whole numbers: shapes, axes, indices. */
  integers(name: string, numbers: readonly number[], shape: readonly number[] = [numbers.length]): Value {
    return this.#initialiser({
      ...{ name, type: 'int64', shape },
      values: () => BigInt64Array.from(numbers, BigInt),
    });
  }

  /** Bytes as they are. */
  bytes(name: string, shape: readonly number[], values: () => Uint8Array): Value {
    return this.#initialiser({ name, type: 'uint8', shape, values });
  }

  /** Floats that are always stored in full. */
  floats(name: string, shape: readonly number[], values: () => Float32Array): Value {
    return this.#initialiser({ name, type: 'float32', shape, values });
  }

  scalar(name: string, value: number): Value {
    return this.floats(name, [], () => Float32Array.of(value));
  }

  /** Numbers of double precision, or of 32 bits. */
  exact(name: string, values: Float64Array | Int32Array, shape: readonly number[] = []): Value {
    const type = values instanceof Int32Array ? 'int32' : 'float64';
    return this.#initialiser({ name, type, shape, values: () => values });
  }

  /**
   * Learned numbers, stored as the precision says; float32 for whoever takes the value. Asked for again by the same name
   * they are the same.
   */
  weights(name: string, shape: readonly number[], values: () => Float32Array): Value {
    const key = this.path + name;
    const value = this.parts.known.get(key) ?? this.#stored(name, shape, values);
    this.parts.known.set(key, value);
    return value;
  }

  #stored(name: string, shape: readonly number[], values: () => Float32Array): Value {
    const few = sizeOf(shape) < SMALLEST_HALVED;
    // Beyond the range of half precision a number would become infinite.
    if (this.precision === 'f32' || few || !fitsHalf(values())) {
      return this.floats(name, shape, values);
    }
    const half = this.#initialiser({ name, type: 'float16', shape, values });
    return this.node('Cast', [half], { to: { int: 1 } }, { type: 'float32' });
  }

  #initialiser({ name, ...rest }: Initialiser): Value {
    const initialiser = { ...rest, name: this.#unique(this.path + name) };
    this.parts.initialisers.push(initialiser);
    return initialiser;
  }

  /** ONNX wants every name once. */
  #unique(name: string): string {
    const { names } = this.parts;
    let unique = name;
    for (let again = 1; names.has(unique); again++) unique = `${name}_${again}`;
    names.add(unique);
    return unique;
  }
}

function fitsHalf(values: Float32Array): boolean {
  for (const value of values) if (Math.abs(value) > LARGEST_HALF) return false;
  return true;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Bytes that a tensor's values take. */
export const byteLength = ({ type, shape }: TensorHead): number => sizeOf(shape) * ELEMENT_BYTES[type];
