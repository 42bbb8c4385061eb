// A model's file as the engine keeps it: the checkpoint plus what its answers depend on besides its parameters (the
// features it was trained on and their statistics), as metadata. Reading trusts nothing.
import * as v from 'valibot';
import { STANDARD_TAPS } from '../../lib/backbones/taps';
import { readSafetensors, type SafetensorsFile } from '../../lib/formats/safetensors';
import { count, finite, objectOf, orNull } from '../../lib/formats/schema';
import { loadModel, saveModel } from '../../lib/methods/grad/checkpoint';
import { BadModelFile } from '../../lib/methods/errors';
import { isDetector } from '../../lib/methods/detector';
import { isDetectorFile, readDetector, writeDetector } from '../../lib/methods/detectorFile';
import { parseMetadata } from '../../lib/methods/stored';
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

const NUMBERS = v.array(finite);

const ANSWERS = objectOf({
  features: objectOf({
    backbone: v.string(),
    // Absent in files from before there was a choice.
    taps: v.optional(v.string(), STANDARD_TAPS),
    weights: orNull(v.string()),
    inputSize: count(1),
    // Absent in files of square inputs, and of squashed images.
    inputHeight: v.optional(count(1)),
    framing: v.optional(v.string()),
    project: v.boolean(),
    range: v.optional(v.nullable(v.tuple([finite, finite])), null),
  }),
  statistics: objectOf({
    sigma: v.pipe(
      finite,
      v.check((sigma) => sigma > 0, 'is not above 0'),
    ),
    channels: v.nullable(objectOf({ mean: NUMBERS, std: NUMBERS })),
  }),
});

/**
 * The same, checked. @param channels of the model's input; null when the model does not say
 * @throws BadModelFile
 */
export function parseAnswers(
  json: string | undefined,
  channels: number | null,
): { features: FeatureKind; statistics: Statistics } {
  const { features, statistics } = parseMetadata(ANSWERS, json, 'what it was trained on');
  const { sigma, channels: own } = statistics;
  if (!own) return { features, statistics: { sigma, channels: null } };
  const { mean, std } = own;
  if (mean.length !== (channels ?? mean.length) || std.length !== mean.length)
    throw new BadModelFile('its channel statistics do not fit its channels');
  return {
    features,
    statistics: { sigma, channels: { mean: Float32Array.from(mean), std: Float32Array.from(std) } },
  };
}
