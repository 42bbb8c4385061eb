// The safetensors format: reader (every length and offset checked before use) and writer. Weights, models and
// golden values all travel in it. No tensors of any framework here: plain typed arrays.
// Format: 8-byte little-endian header length, JSON header, one data buffer.
import { RemedyError } from '../errors';
import { bfloat16ToFloat32, float16ToFloat32 } from './halfFloat';

export type Dtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';
export type TensorData = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

export interface StoredTensor {
  dtype: Dtype;
  shape: number[];
  /** The stored bytes, a view into the file. */
  bytes: Uint8Array;
  /** Decoded at each access: 16-bit floats as Float32Array, I64 as Float64Array, BOOL as Uint8Array. */
  readonly data: TensorData;
}

export interface SafetensorsFile {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
}

/** One row of the header: where a tensor's bytes lie, relative to the start of the data buffer. */
export interface HeaderEntry {
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  entries: Map<string, HeaderEntry>;
  metadata: Record<string, string>;
  /** Offset of the data buffer in the file, in bytes. */
  dataStart: number;
}

export class BadSafetensors extends RemedyError {
  override readonly name = 'BadSafetensors';
  constructor(detail: string) {
    super(
      `This is not a readable .safetensors file: ${detail}.`,
      'Download or export the file again and check that its size is right.',
    );
  }
}

const BYTES: Record<Dtype, number> = {
  F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1,
}; // prettier-ignore
const LENGTH_BYTES = 8;
/** The reference implementation's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Length of the JSON header in bytes, from the first eight bytes of a file.
 * @throws BadSafetensors when fewer than eight bytes are there or the length is absurd.
 */
export function headerLength(first: Uint8Array): number {
  if (first.byteLength < LENGTH_BYTES) throw new BadSafetensors('it is shorter than eight bytes');
  const length = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES)) {
    throw new BadSafetensors(`its header claims ${length} bytes`);
  }
  return Number(length);
}

/**
 * Parses and checks a header: known dtypes, sane shapes, sizes that fit the shapes, no overlap, no hole.
 * @param json the header's bytes (without the length), @param dataBytes size of the data buffer.
 * @throws BadSafetensors naming the first fault.
 */
export function parseHeader(json: Uint8Array, dataBytes: number): SafetensorsHeader {
  const raw = parseJsonObject(json);
  const metadata = parseMetadata(raw['__metadata__']);
  const entries = new Map<string, HeaderEntry>();
  for (const [name, value] of Object.entries(raw)) {
    if (name !== '__metadata__') entries.set(name, parseEntry(name, value));
  }
  checkLayout(entries, dataBytes);
  return { entries, metadata, dataStart: LENGTH_BYTES + json.byteLength };
}

/**
 * Reads a whole file.
 * @throws BadSafetensors naming the first fault; nothing is allocated beyond the file itself before the checks.
 */
export function readSafetensors(file: ArrayBuffer | Uint8Array): SafetensorsFile {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
  const length = headerLength(bytes);
  if (LENGTH_BYTES + length > bytes.byteLength) {
    throw new BadSafetensors(`its header claims ${length} bytes, beyond the end of the file`);
  }
  const json = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  const header = parseHeader(json, bytes.byteLength - LENGTH_BYTES - length);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of header.entries) {
    const view = bytes.subarray(header.dataStart + entry.begin, header.dataStart + entry.end);
    tensors.set(name, storedTensor(entry.dtype, entry.shape, view));
  }
  return { tensors, metadata: header.metadata };
}

/** A stored tensor over given bytes; `data` decodes them at each access. */
export function storedTensor(dtype: Dtype, shape: number[], bytes: Uint8Array): StoredTensor {
  return {
    dtype,
    shape,
    bytes,
    get data() {
      return decode(dtype, bytes);
    },
  };
}

/** A tensor to write: float32, int32 or bytes. */
export interface WritableTensor {
  shape: readonly number[];
  data: Float32Array | Int32Array | Uint8Array;
}

/** One to write back byte for byte, of any dtype: how a few tensors of a large file become a small file. */
export type RawTensor = Pick<StoredTensor, 'dtype' | 'shape' | 'bytes'>;

/**
 * Writes a file: tensors in the order given, header padded with spaces to eight bytes.
 * @throws RangeError when a shape does not fit its data.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WritableTensor>> | ReadonlyMap<string, RawTensor>,
  metadata: Record<string, string> = {},
): ArrayBuffer {
  const entries =
    tensors instanceof Map ? [...(tensors as ReadonlyMap<string, RawTensor>)] : rawEntries(tensors);
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of entries)
    header[name] = { dtype, shape, data_offsets: [offset, (offset += bytes.byteLength)] };
  const json = paddedJson(header);
  const out = new Uint8Array(LENGTH_BYTES + json.byteLength + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  out.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + json.byteLength;
  for (const [, { bytes }] of entries) {
    out.set(bytes, at);
    at += bytes.byteLength;
  }
  return out.buffer;
}

/** @throws RangeError */
function rawEntries(tensors: object): [string, RawTensor][] {
  return Object.entries(tensors as Record<string, WritableTensor>).map(([name, { shape, data }]) => {
    if (elements(shape) !== data.length)
      throw new RangeError(`${name}: shape [${shape.join()}] has not ${data.length} elements`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { dtype: dtypeOf(data), shape: [...shape], bytes }];
  });
}

function parseJsonObject(json: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new BadSafetensors('its header is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadSafetensors('its header is not an object');
  }
  return value as Record<string, unknown>;
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const ok =
    typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'string');
  if (!ok) throw new BadSafetensors('its metadata are not strings');
  return value as Record<string, string>;
}

function parseEntry(name: string, value: unknown): HeaderEntry {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype)) {
    throw new BadSafetensors(`tensor ${name} has the unknown dtype ${String(dtype)}`);
  }
  if (!isCountList(shape)) throw new BadSafetensors(`tensor ${name} has no valid shape`);
  if (!isCountList(offsets) || offsets.length !== 2)
    throw new BadSafetensors(`tensor ${name} has no valid offsets`);
  const [begin, end] = offsets as [number, number];
  const bytes = elements(shape) * BYTES[dtype as Dtype];
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) {
    throw new BadSafetensors(`tensor ${name} needs ${bytes} bytes but its offsets span ${end - begin}`);
  }
  return { dtype: dtype as Dtype, shape, begin, end };
}

function checkLayout(entries: Map<string, HeaderEntry>, dataBytes: number): void {
  const sorted = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const [name, { begin, end }] of sorted) {
    if (begin < at) throw new BadSafetensors(`tensor ${name} overlaps another`);
    if (begin > at) throw new BadSafetensors(`there is a hole before tensor ${name}`);
    if (end > dataBytes)
      throw new BadSafetensors(`tensor ${name} lies beyond the end of the file; the file is cut short`);
    at = end;
  }
  if (at !== dataBytes) throw new BadSafetensors(`${dataBytes - at} bytes at its end belong to no tensor`);
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function dtypeOf(data: WritableTensor['data']): Dtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

function paddedJson(header: unknown): Uint8Array {
  const text = JSON.stringify(header);
  const length = new TextEncoder().encode(text).byteLength;
  return new TextEncoder().encode(text + ' '.repeat((LENGTH_BYTES - (length % LENGTH_BYTES)) % LENGTH_BYTES));
}

function decode(dtype: Dtype, bytes: Uint8Array): TensorData {
  // A copy: the view may start at an odd offset, where typed arrays may not. Not slice(): Node's Buffer overrides
  // it to share memory.
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return float16ToFloat32(new Uint16Array(buffer));
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case 'I64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'I32':
      return new Int32Array(buffer);
    case 'I16':
      return new Int16Array(buffer);
    case 'I8':
      return new Int8Array(buffer);
    case 'U8':
    case 'BOOL':
      return new Uint8Array(buffer);
  }
}
