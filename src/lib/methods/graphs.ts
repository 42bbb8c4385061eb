// Detectors as ONNX graphs: which methods can be taken away, and how a model's file becomes one. A method's graph is the
// onnx.ts of its folder; it computes what its index.ts does, on maps [N, C, H, W].
import type { Graph } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
import type { SafetensorsFile, StoredTensor } from '../formats/safetensors';
import { GraphScope, type TensorReader } from '../nn/graphLayers';
import { detectorConfigOf, isDetectorFile } from './detectorFile';
import { BadModelFile, NotExportable } from './errors';
import { gridConfigOf, readingIn } from './grad/checkpoint';
import { gridGraph } from './grad/onnx';
import { checkInput, type MethodGraph, type MethodGraphBuilder } from './methodGraph';

const FOLDERS: Record<string, MethodGraphBuilder | undefined> = import.meta.glob(
  ['./*/onnx.ts', '!./grad/onnx.ts'],
  { eager: true, import: 'default' },
);

/** How a model is read off: of the grids, whether their distance is refined. */
export interface GraphReading {
  refine: boolean;
}

/**
 * The method's part of a graph.
 * @throws BadModelFile; NotExportable for a method that has no graph
 */
export function methodGraph(
  g: Graph,
  input: Value,
  file: SafetensorsFile,
  reading: GraphReading,
): MethodGraph {
  const read = readerOf(file);
  if (!isDetectorFile(file)) {
    const config = gridConfigOf(file);
    checkInput(input, [config.channels, config.height, config.width]);
    return { map: gridGraph(new GraphScope(g.scope(config.method), read), input, config, { ...readingIn(file), ...reading }), score: null }; // prettier-ignore
  }
  const { method, config } = detectorConfigOf(file);
  const build = FOLDERS[`./${method}/onnx.ts`];
  if (!build) throw new NotExportable(`the method ${method}`, 'nothing says what it is as a graph');
  return build(new GraphScope(g.scope(method), read), input, config);
}

/** Channels of the features that a model was trained on. @throws BadModelFile where it does not say */
export function channelsOf(file: SafetensorsFile): number {
  if (!isDetectorFile(file)) return gridConfigOf(file).channels;
  const { channels } = detectorConfigOf(file).config;
  if (typeof channels === 'number' && Number.isInteger(channels) && channels > 0) return channels;
  throw new BadModelFile('its config does not say how many channels it looks at');
}

/** Tensors of a file, each checked to be there, of this shape, and of finite numbers. */
function readerOf({ tensors }: SafetensorsFile): TensorReader {
  const found = (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new BadModelFile(`the tensor ${name} is missing`);
    if (tensor.dtype !== 'F32') throw new BadModelFile(`${name} is ${tensor.dtype}, not F32`);
    return tensor;
  };
  return {
    shape: (name) => found(name).shape,
    read(name, shape) {
      const tensor = found(name);
      if (tensor.shape.join() !== shape.join()) {
        throw new BadModelFile(`${name} is [${tensor.shape.join()}], not [${shape.join()}]`);
      }
      const values = () => floatsOf(tensor);
      if (!values().every(Number.isFinite)) {
        throw new BadModelFile(`${name} has values that are no numbers`);
      }
      return values;
    },
  };
}

/** The file's own bytes where they lie as numbers must: large tensors are not copied. */
function floatsOf(tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  return byteOffset % 4 === 0
    ? new Float32Array(buffer, byteOffset, byteLength / 4)
    : (tensor.data as Float32Array);
}
