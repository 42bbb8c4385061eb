// A trained model as an ONNX file with everything said about it as metadata (docs/export.md). No GPU: the model's file, the
// backbone's weights and the settings are enough, on the page and on the command line.
import { digestOf, digestOfTensor, sha256OfTensors } from '../../lib/backbones/digest';
import { parseBackboneId, weightsOf } from '../../lib/backbones/hubTable';
import { neededTensors } from '../../lib/backbones/plan';
import { BUNDLED_BACKBONE, planOf } from '../../lib/backbones/table';
import { resolveTaps, STANDARD_TAPS } from '../../lib/backbones/taps';
import { readSafetensors, type StoredTensor } from '../../lib/formats/safetensors';
import { sha256Hex } from '../../lib/formats/sha256';
import { describeFraming, squashed, type Framing } from '../../lib/framing';
import { BadModelFile } from '../../lib/methods/errors';
import { aboutMethod } from '../../lib/methods/list';
import { detectorGraph, onnxFile, type OnnxFile } from '../../lib/onnx';
import { framingOf } from '../../settings/framing';
import type { Params } from '../../settings/table';
import type { ExportRequest } from '../api/types';
import { parseAnswers } from './modelFile';
import { PIXELS, sameWeights, weightsName, type FeatureKind } from './modelState';

/** Version of the table of metadata in docs/export.md. */
const METADATA_FORMAT = '1';

/** The backbone's weights by their id. */
export interface NamedTensors {
  id: string;
  tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * The file, to be written piece by piece.
 * @param model its safetensors file @param find gives the weights of a backbone with these taps
 * @throws BadSafetensors, BadModelFile, NotExportable, ModelTooLarge, and what a backbone's weights may be wrong with
 */
export async function onnxModel(
  model: ArrayBuffer,
  find: (id: string, taps: string) => Promise<NamedTensors>,
  request: ExportRequest,
): Promise<OnnxFile> {
  const file = readSafetensors(model);
  const { features, statistics } = parseAnswers(file.metadata['answers'], null);
  const { precision, input, scoring } = request;
  const { backbone: id, taps } = features;
  const weights = id === PIXELS || input === 'features' ? null : await find(id, taps);
  const graph = detectorGraph(
    { model: file, statistics, backbone: backboneOf(features, weights) },
    { precision, input, framing: framingOfModel(features, request.configuration), ...scoring },
  );
  const digests = { model: await sha256Hex(model), backbone: await sha256OfWeights(features, weights) };
  const metadata = { ...metadataOf(features, request), 'grad.digests': JSON.stringify(digests) };
  const [producer = '', producerVersion = ''] = request.program.split(/ (.*)/s);
  return onnxFile(graph, { producer, producerVersion, metadata });
}

/**
 * How the model's images become inputs. Its file says it in words, the settings in numbers.
 * @throws BadModelFile where the two differ
 */
function framingOfModel({ inputSize, inputHeight, framing }: FeatureKind, settings: Params): Framing {
  const height = inputHeight ?? inputSize;
  if (framing === undefined) return { ...squashed(inputSize), height };
  const set = framingOf(settings);
  if (describeFraming(set) === framing && set.width === inputSize && set.height === height) return set;
  throw new BadModelFile(
    `it was trained on other images than its settings say (${framing}, ${inputSize} x ${height} px)`,
  );
}

function backboneOf(features: FeatureKind, weights: NamedTensors | null) {
  const { backbone: id, taps: text, project } = features;
  if (id === PIXELS) return null;
  const taps = resolveTaps(parseBackboneId(id).architecture, text);
  if (weights) assertSameWeights(features, taps, weights);
  return { id, taps, project, weights: weights?.tensors ?? null };
}

/** @throws BadModelFile when the model was trained on the features of other weights */
function assertSameWeights(trained: FeatureKind, taps: string[], { id, tensors }: NamedTensors): void {
  const { architecture } = parseBackboneId(id);
  const projection = trained.taps === STANDARD_TAPS ? tensors.get('projection') : undefined;
  const same =
    architecture === parseBackboneId(trained.backbone).architecture &&
    sameWeights(
      trained.weights,
      weightsName(
        trained.project,
        digestOf(planOf(architecture, taps), tensors),
        projection ? digestOfTensor(projection) : null,
      ),
    );
  if (same) return;
  throw new BadModelFile(
    `it was trained on features of ${trained.backbone}, and these are another weights file (${id})`,
  );
}

function metadataOf(
  { backbone, inputSize, inputHeight = inputSize, framing = 'squash', range }: FeatureKind,
  request: ExportRequest,
): Record<string, string> {
  const { program, configuration, threshold, scale, precision, input, scoring } = request;
  const pixels = backbone === PIXELS;
  return {
    'grad.format': METADATA_FORMAT,
    'grad.program': program,
    'grad.method': configuration.method,
    'grad.input': input,
    'grad.precision': precision,
    'grad.image_size': String(inputSize),
    'grad.image_height': String(inputHeight),
    'grad.framing': framing,
    'grad.pixel_range': range ? JSON.stringify(range) : '',
    'grad.backbone': pixels ? '' : backbone,
    'grad.weights_licence': pixels ? '' : licenceOf(backbone),
    'grad.smoothing': scoring.smooth,
    'grad.score': scoring.imageScore,
    'grad.score_share': String(scoring.imageShare),
    'grad.map_unit': aboutMethod(configuration.method).mapUnit,
    'grad.threshold': threshold ? String(threshold.value) : '',
    'grad.threshold_source': threshold?.source ?? '',
    'grad.scale': scale ? JSON.stringify(scale) : '',
    'grad.configuration': JSON.stringify(configuration),
  };
}

const LICENCES = {
  'apache-2.0': 'Apache-2.0',
  'bsd-3-clause': 'BSD-3-Clause',
  'cc-by-nc-4.0': 'CC-BY-NC-4.0',
};

/** Of published weights under their tag, and of the bundled ones; of a file of one's own nobody knows. */
function licenceOf(id: string): string {
  if (id === BUNDLED_BACKBONE) return 'Apache-2.0';
  const published = parseBackboneId(id).tag === null ? null : weightsOf(id);
  return published ? LICENCES[published.licence] : '';
}

async function sha256OfWeights(
  { backbone, taps }: FeatureKind,
  weights: NamedTensors | null,
): Promise<string | null> {
  if (!weights || backbone === PIXELS) return null;
  const { architecture } = parseBackboneId(backbone);
  const names = [
    ...neededTensors(planOf(architecture, resolveTaps(architecture, taps))).keys(),
    'projection',
  ];
  return sha256OfTensors(names.flatMap((name) => weights.tensors.get(name) ?? []));
}
