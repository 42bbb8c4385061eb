// A model's file as the engine keeps it: the checkpoint plus what its answers depend on besides its parameters (the
// features it was trained on and their statistics), as metadata. Reading trusts nothing.
import { STANDARD_TAPS } from '../../lib/backbones/taps';
import { readSafetensors, type SafetensorsFile } from '../../lib/formats/safetensors';
import { loadModel, saveModel } from '../../lib/methods/grad/checkpoint';
import { BadModelFile } from '../../lib/methods/grad/errors';
import { isDetector } from '../../lib/methods/detector';
import { isDetectorFile, readDetector, writeDetector } from '../../lib/methods/detectorFile';
import type { FeatureKind, ModelState, Statistics } from './modelState';

/** The model as a safetensors file. */
export function writeModelFile(state: ModelState): Promise<ArrayBuffer> {
  const { model } = state;
  const answers = describeAnswers(state);
  return isDetector(model) ? writeDetector(model, { answers }) : saveModel(model, null, { answers });
}

/** The model in such a file. @throws BadSafetensors, BadModelFile, UnknownMethod; nothing is left on the GPU then */
export async function readModelFile(file: ArrayBuffer): Promise<ModelState> {
  const contents = readSafetensors(file);
  return isDetectorFile(contents) ? detectorState(contents) : gridState(file);
}

async function gridState(file: ArrayBuffer): Promise<ModelState> {
  const { model, metadata } = loadModel(file);
  try {
    const answers = parseAnswers(metadata['answers'], model.config.channels);
    return { ...answers, model, fusionValue: await model.fusionValue() };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function detectorState(contents: SafetensorsFile): ModelState {
  const answers = parseAnswers(contents.metadata['answers'], null);
  return { ...answers, model: readDetector(contents), fusionValue: null };
}

/** What a model's answers depend on besides its parameters, as metadata. */
export function describeAnswers({
  features,
  statistics,
}: Pick<ModelState, 'features' | 'statistics'>): string {
  const channels = statistics.channels && {
    mean: [...statistics.channels.mean],
    std: [...statistics.channels.std],
  };
  return JSON.stringify({ features, statistics: { sigma: statistics.sigma, channels } });
}

/**
 * The same, checked. @param channels of the model's input; null when the model does not say
 * @throws BadModelFile
 */
export function parseAnswers(
  json: string | undefined,
  channels: number | null,
): { features: FeatureKind; statistics: Statistics } {
  const { features, statistics } = record(parseJson(json));
  const { backbone, inputSize, project, taps = STANDARD_TAPS, weights = null } = record(features);
  const { sigma, channels: perChannel } = record(statistics);
  if (typeof backbone !== 'string' || !isCount(inputSize) || typeof project !== 'boolean') {
    throw new BadModelFile('it does not say on which features it was trained');
  }
  if (typeof taps !== 'string' || (weights !== null && typeof weights !== 'string')) {
    throw new BadModelFile('it does not say well where its features were taken');
  }
  if (typeof sigma !== 'number' || !(sigma > 0)) throw new BadModelFile('its sigma is not a positive number');
  return {
    features: { backbone, taps, weights, inputSize, project },
    statistics: {
      sigma,
      channels: perChannel === null ? null : parseChannels(record(perChannel), channels),
    },
  };
}

function parseChannels(
  { mean, std }: Record<string, unknown>,
  channels: number | null,
): Statistics['channels'] {
  if (!isNumbers(mean, channels) || !isNumbers(std, mean.length)) {
    throw new BadModelFile('its channel statistics do not fit its channels');
  }
  return { mean: Float32Array.from(mean), std: Float32Array.from(std) };
}

function parseJson(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    throw new BadModelFile('its metadata are not JSON');
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new BadModelFile('its metadata are incomplete');
  return value as Record<string, unknown>;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const isNumbers = (value: unknown, length: number | null): value is number[] =>
  Array.isArray(value) &&
  (length === null || value.length === length) &&
  value.every((n) => typeof n === 'number' && Number.isFinite(n));
