// Runs an exported file: onnxruntime's CPU kernels as WebAssembly, which Node and browsers share. Nothing to be built or
// fetched when it is installed.
import * as ort from 'onnxruntime-web';
import type { OnnxFile } from '../../formats/onnx/file';
import type { RgbImage } from '../../images/image';

/** Values and their shape. */
export interface Batch {
  data: Float32Array | Uint8Array;
  shape: readonly number[];
}

/** Runs a file once. @returns its outputs by name @throws what onnxruntime finds wrong with it */
export async function run(
  file: OnnxFile,
  inputs: Record<string, Batch>,
): Promise<Record<string, ort.Tensor>> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(wholeOf(file), { logSeverityLevel: 3 });
  try {
    return await session.run(
      Object.fromEntries(Object.entries(inputs).map(([name, batch]) => [name, tensorOf(batch)])),
    );
  } finally {
    await session.release();
  }
}

const tensorOf = ({ data, shape }: Batch): ort.Tensor =>
  data instanceof Uint8Array ? new ort.Tensor('uint8', data, shape) : new ort.Tensor('float32', data, shape);

/** What a detector says of a batch. */
export interface Said {
  /** One map an image, S * S values each. */
  maps: Float32Array[];
  scores: Float32Array;
}

/** @param input `image` or `features` */
export async function detectorSays(file: OnnxFile, input: Record<string, Batch>): Promise<Said> {
  const { anomaly_map: map, score } = await run(file, input);
  const values = map!.data as Float32Array;
  const each = map!.dims[1]! * map!.dims[2]!;
  return {
    maps: Array.from({ length: map!.dims[0]! }, (_, i) => values.slice(i * each, (i + 1) * each)),
    scores: score!.data as Float32Array,
  };
}

/** Images of one size as a batch. */
export function batchOf(images: readonly RgbImage[]): Batch {
  const { width, height } = images[0]!;
  const data = new Uint8Array(images.length * width * height * 3);
  images.forEach((image, i) => data.set(image.data, i * width * height * 3));
  return { data, shape: [images.length, height, width, 3] };
}

/** @throws Error when it is not as long as it says */
export function wholeOf(file: OnnxFile): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(file.bytes);
  let at = 0;
  for (const piece of file.pieces()) {
    whole.set(piece, at);
    at += piece.length;
  }
  if (at !== file.bytes) throw new Error(`the file has ${at} bytes and says ${file.bytes}`);
  return whole;
}
