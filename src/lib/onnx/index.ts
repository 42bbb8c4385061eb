// A trained detector as one ONNX graph, from pixels (or features) to map and score: the same arithmetic as prepare,
// extractFeatures and answer() do on the GPU, raw. No GPU is needed: everything comes from files in memory.
// docs/export.md says what the graph takes and gives.
import { SILENT_STD, type Statistics } from '../backbones/features';
import type { Weights } from '../backbones/fold';
import { normalisationOf, parseBackboneId, type Normalisation } from '../backbones/hubTable';
import { backboneGraph } from '../backbones/onnx';
import { cellsAlong } from '../backbones/plan';
import { planOf } from '../backbones/table';
import { Graph, type Precision } from '../formats/onnx/graph';
import type { Value } from '../formats/onnx/messages';
import { binary } from '../formats/onnx/ops';
import type { SafetensorsFile } from '../formats/safetensors';
import { NotExportable } from '../methods/errors';
import { channelsOf, methodGraph } from '../methods/graphs';
import { describeFraming, type Framing } from '../framing';
import { cutGraph, withoutPaddingGraph, type CutGraph } from './framing';
import { preparationGraph } from './preparation';
import { scoringGraph, type ScoringGraphOptions } from './scoring';

export { onnxFile, ModelTooLarge, type OnnxFile } from '../formats/onnx/file';
export type { Precision };

/** What the graph takes: images as they are decoded, or the features of a backbone elsewhere. */
export type GraphInput = 'pixels' | 'features';

export interface DetectorParts {
  /** The model's file as the engine keeps it. */
  model: SafetensorsFile;
  statistics: Statistics;
  /** Null for a method that looks at pixels; its weights may be missing where features are the input. */
  backbone: { id: string; taps: readonly string[]; project: boolean; weights: Weights | null } | null;
}

export interface DetectorGraphOptions extends ScoringGraphOptions {
  precision: Precision;
  input: GraphInput;
  /** How an image becomes the network's input, and how the maps lie on it. */
  framing: Framing;
  /** GRAD only: whether the distance is taken after the refinement. */
  refine: boolean;
}

const UNCHANGED: Normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };

/** @throws NotExportable, BadModelFile, and what a backbone's weights may be wrong with */
export function detectorGraph(parts: DetectorParts, options: DetectorGraphOptions): Graph {
  const g = Graph.create(options.precision);
  const { framing } = options;
  const { looked, cut } = options.input === 'pixels' ? fromPixels(g, parts, framing) : fromFeatures(g, parts, framing); // prettier-ignore
  const input = adapted(g.scope('adapt'), looked, parts.statistics);
  const { map, score } = methodGraph(g, input, parts.model, options);
  const scored = scoringGraph(g.scope('scoring'), map, score, cut ?? framing, options);
  g.output('anomaly_map', scored.pixels);
  g.output('score', scored.score);
  return g;
}

/** What the method looks at, and how it lies on the image; a cut of null: as it is. */
interface Looked {
  looked: Value;
  cut: CutGraph | null;
}

function fromPixels(g: Graph, { backbone }: DetectorParts, framing: Framing): Looked {
  const image = g.input('image', 'uint8', ['N', 'H', 'W', 3]);
  const normalisation = backbone ? normalisationOf(backbone.id) : UNCHANGED;
  const cut = cutGraph(g.scope('framing'), image, framing);
  const prepared = preparationGraph(g.scope('preparation'), image, framing, normalisation, cut);
  const seen = backbone ? throughBackbone(g, prepared, backbone) : prepared;
  return { looked: cut ? withoutPaddingGraph(g.scope('padding'), seen, cut) : seen, cut };
}

function throughBackbone(g: Graph, prepared: Value, backbone: NonNullable<DetectorParts['backbone']>): Value {
  const { id, weights } = backbone;
  if (!weights) {
    throw new NotExportable('the way from pixels to features', `the weights of ${id} are not loaded`, 'Load them, or export with features as the input.'); // prettier-ignore
  }
  return backboneGraph(g.scope('backbone'), prepared, id, weights, backbone);
}

function fromFeatures(g: Graph, { backbone, model }: DetectorParts, framing: Framing): Looked {
  if (!backbone) {
    throw new NotExportable('the way from features', 'this method looks at the pixels themselves', 'Export it with pixels as the input.'); // prettier-ignore
  }
  const how = describeFraming(framing);
  if (how) {
    throw new NotExportable('the way from features', `where they lie on the image (${how}) depends on its size, and features do not tell it`, 'Export it with pixels as the input.'); // prettier-ignore
  }
  const { architecture } = parseBackboneId(backbone.id);
  const plan = planOf(architecture, backbone.taps);
  const along = (size: number) => cellsAlong(plan, backbone.taps[0]!, size);
  const shape = ['N', channelsOf(model), along(framing.height), along(framing.width)];
  return { looked: g.input('features', 'float32', shape), cut: null };
}

/** backbones/features.ts: normalised per channel where the model was trained so. */
function adapted(g: Graph, phi: Value, { channels }: Statistics): Value {
  if (!channels) return phi;
  const { mean, std } = channels;
  const perChannel = (name: string, values: () => Float32Array) =>
    g.floats(name, [1, mean.length, 1, 1], values);
  const centred = binary(g, 'Sub', phi, perChannel('mean', () => mean)); // prettier-ignore
  return binary(g, 'Mul', centred, perChannel('scale', () => std.map((value) => (value > SILENT_STD ? 1 / value : 1)))); // prettier-ignore
}
