// A backbone as an ONNX graph (a transformer's: vit/onnx.ts): its plan with batch norm folded as fold.ts folds it, on images [N, 3, S, S], normalised.
import type { Graph } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
import {
  activated,
  binary,
  channelMeans,
  concat,
  convolution,
  length,
  matMul,
  maxPool,
  pointwise,
  unary,
  type Pads,
} from '../formats/onnx/ops';
import { alongAxis } from '../kernels/convolution/convolutionWindow';
import { bilinearBand, denseBand } from '../kernels/maps/operators1d';
import { NanWeights } from './errors';
import { foldedNorm, type Weights } from './fold';
import { assertArchitecture } from './identify';
import { parseBackboneId } from './hubTable';
import {
  blockOfTap,
  embeddingOf,
  type Block,
  type Convolution,
  type MapLayer,
  type Padding,
  type Plan,
} from './plan';
import { readProjection } from './registry';
import { planOf } from './table';
import { transformerGraph } from './vit/onnx';
import { STANDARD_TAPS, tapsText } from './taps';

export interface BackboneGraphOptions {
  taps: readonly string[];
  /** Whether phi is multiplied by the backbone's projection, where its file has one. */
  project: boolean;
}

/**
 * Images [N, 3, S, S], normalised -> phi [N, C, H, W].
 * @throws UnknownBackbone, UnknownTap, WrongArchitecture, MissingTensor, WrongShape, NanWeights
 */
export function backboneGraph(
  g: Graph,
  image: Value,
  id: string,
  weights: Weights,
  { taps, project }: BackboneGraphOptions,
): Value {
  const { architecture } = parseBackboneId(id);
  const plan = planOf(architecture, taps);
  assertArchitecture(architecture, weights, plan);
  const phi = aligned(g.scope('align'), planGraph(g, image, { id, plan, weights }, taps));
  const standard = tapsText(architecture, taps.join(',')) === STANDARD_TAPS;
  const q = project ? readProjection(id, length(phi, 1), standard, weights) : null;
  return q ? pointwise(g, phi, 'projection', q.shape, () => q.values) : phi;
}

/** One map per tap, in their order. @throws NanWeights */
export function planGraph(
  g: Graph,
  image: Value,
  network: Omit<Context, 'g'>,
  taps: readonly string[],
): Value[] {
  if (embeddingOf(network.plan)) return transformerGraph(g, image, network, taps);
  const { blocks } = network.plan;
  const maps: Value[] = [];
  blocks.reduce((x, block) => {
    const y = blockGraph({ ...network, g: g.scope(block.name) }, x, block);
    maps.push(y);
    return y;
  }, image);
  return taps.map((tap) => maps[blockOfTap(network.plan, tap)]!);
}

interface Context {
  g: Graph;
  id: string;
  plan: Plan;
  weights: Weights;
}

function blockGraph(context: Context, input: Value, { layers, shortcut, activation }: Block): Value {
  const y = layers.reduce((x, layer) => layerGraph(context, x, layer as MapLayer), input);
  if (shortcut === 'none') return y;
  const residual = shortcut === 'identity' ? input : layerGraph(context, input, shortcut);
  return activated(context.g, binary(context.g, 'Add', y, residual), activation);
}

function layerGraph(context: Context, x: Value, layer: MapLayer): Value {
  const { g, plan } = context;
  const pads = padsOf(x, layer, plan.padding);
  if (layer.kind === 'maxPool') return maxPool(g, x, layer.kernel, layer.stride, pads);
  const gated = layer.gate ? gateGraph(context, x, layer) : x;
  const { input, output, kernel, stride, depthwise, activation } = layer;
  const fold = () => folded(context, layer);
  // Read once now, so that a damaged file is refused before anything is written.
  const { bias } = fold();
  const shape = [output, depthwise ? 1 : input, kernel, kernel] as const;
  const filter = { name: layer.weight, shape, values: () => fold().filter, bias: () => bias };
  const y = convolution(g, gated, filter, { stride, pads, groups: depthwise ? output : 1 });
  return activated(g, y, activation);
}

/** Filter [out, in, kernel, kernel] and bias of a convolution followed by its batch norm. @throws NanWeights */
function folded({ id, plan, weights }: Context, { weight, norm, output }: Convolution) {
  const { scale, bias } = foldedNorm(norm, plan.epsilon, weights);
  const stored = weights.get(`${weight}.weight`)!.data;
  const each = stored.length / output;
  const filter = new Float32Array(stored.length);
  for (let i = 0; i < filter.length; i++) filter[i] = stored[i]! * scale[Math.floor(i / each)]!;
  assertFinite(id, weight, filter);
  assertFinite(id, norm, bias);
  return { filter, bias };
}

function assertFinite(id: string, name: string, values: Float32Array): void {
  if (!values.every(Number.isFinite)) throw new NanWeights(id, name);
}

/** Channel attention before a convolution: the input times a factor per channel. */
function gateGraph({ g, id, weights }: Context, x: Value, { gate }: Convolution): Value {
  const { name, channels, reduced } = gate!;
  const read = (part: string) => {
    const values = Float32Array.from(weights.get(`${name}.${part}`)!.data);
    assertFinite(id, `${name}.${part}`, values);
    return () => values;
  };
  const dense = (value: Value, part: string, [inputs, outputs]: [number, number]) =>
    convolution(g, value, {
      name: part,
      shape: [outputs, inputs, 1, 1],
      values: read(`${part}.weight`),
      bias: read(`${part}.bias`),
    });
  const squeezed = activated(g, dense(channelMeans(g, x), 'conv_reduce', [channels, reduced]), 'silu');
  const factors = unary(g, 'Sigmoid', dense(squeezed, 'conv_expand', [reduced, channels]));
  return binary(g, 'Mul', x, factors);
}

/** ONNX wants the pixels before and after. */
function padsOf(x: Value, { kernel, stride }: Pick<MapLayer, 'kernel' | 'stride'>, padding: Padding): Pads {
  const along = (size: number) => {
    const { output, before } = alongAxis(size, { kernel, stride, padding });
    // Symmetric padding may reach further than the last window; it is written as it is meant.
    return [before, padding === 'symmetric' ? before : Math.max((output - 1) * stride + kernel - size, 0) - before] as const; // prettier-ignore
  };
  const [[top, bottom], [left, right]] = [along(length(x, 2)), along(length(x, 3))];
  return [top, left, bottom, right];
}

/** All maps at the first one's size (bilinear, align_corners = true), channels in the order given. */
function aligned(g: Graph, maps: readonly Value[]): Value {
  const [first] = maps;
  const [height, width] = [length(first!, 2), length(first!, 3)];
  return concat(
    g,
    maps.map((map) => resampled(g, map, height, width)),
    1,
  );
}

function resampled(g: Graph, map: Value, height: number, width: number): Value {
  const [h, w] = [length(map, 2), length(map, 3)];
  if (h === height && w === width) return map;
  const rows = g.floats('rows', [height, h], () => denseBand(bilinearBand(h, height)));
  const columns = g.floats('columns', [w, width], () => denseBand(bilinearBand(w, width), true));
  return matMul(g, matMul(g, rows, map), columns);
}
