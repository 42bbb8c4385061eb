// What a method is as a part of an ONNX graph: what the onnx.ts of its folder gives (graphs.ts lists them).
import type { Value } from '../formats/onnx/messages';
import type { GraphScope } from '../nn/graphLayers';
import type { DetectorConfig } from './detector';
import { BadModelFile } from './errors';

export interface MethodGraph {
  /** [N, h, w], at the method's own resolution. */
  map: Value;
  /** [N], where the method has image scores of its own. */
  score: Value | null;
}

/**
 * Computes what the method's index.ts does, on maps [N, C, H, W].
 * @param input features, or pixels in 0..1
 * @throws BadModelFile when config, tensors and input do not fit each other
 */
export type MethodGraphBuilder = (s: GraphScope, input: Value, config: DetectorConfig) => MethodGraph;

/** @throws BadModelFile when the input has another shape than the model was trained on; null stands for any length */
export function checkInput(input: Value, shape: readonly (number | null)[]): void {
  const [, ...found] = input.shape;
  if (found.every((size, axis) => shape[axis] === null || shape[axis] === size)) return;
  const expected = shape.map((size) => size ?? 'any').join();
  throw new BadModelFile(`it was trained on maps [${expected}], and these are [${found.join()}]`);
}
