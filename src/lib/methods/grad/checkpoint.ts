// A model, and optionally the training run it is in, as one safetensors file: tensors under their parameters'
// names, everything else as JSON in the metadata. Reading trusts nothing. CPU side: sessions and recovery from a
// lost device live on it.
import {
  readSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type WritableTensor,
} from '../../formats/safetensors';
import { BiGrid } from './biGrid';
import { BadModelFile } from '../errors';
import type { ModelConfig } from './config';
import type { OptimiserState } from '../../nn/optimiser';
import { trainableParameters } from './stages';
import { UNMEASURED, type Reading } from './reading';
import { parseModelConfig, parseReading, parseTrainState, type TrainState } from './state';

const FORMAT = 'grad-playground model';
const VERSION = '1';
const MEAN = 'optimiser.mean.';
const SQUARE = 'optimiser.square.';

/**
 * The model's parameters and config, and the run's state, as a safetensors file.
 * @param extra further metadata, which loadModel() hands back; its own keys win
 */
export async function saveModel(
  model: BiGrid,
  state?: TrainState | null,
  extra: Record<string, string> = {},
): Promise<ArrayBuffer> {
  const tensors: Record<string, WritableTensor> = {};
  for (const { name, variable } of model.parameters) {
    tensors[name] = { shape: variable.shape, data: await variable.data<'float32'>() };
  }
  const { config, reading } = model;
  const metadata = {
    ...extra,
    ...{ format: FORMAT, version: VERSION, model: JSON.stringify(config) },
    ...(reading !== UNMEASURED && { reading: JSON.stringify(reading) }),
  };
  if (!state) return writeSafetensors(tensors, metadata);
  const { optimiser, ...position } = state;
  trainableParameters(model, state.position.stage, state.config.freeze).forEach(
    ({ name, variable: { shape } }, i) => {
      tensors[MEAN + name] = { shape, data: optimiser.mean[i]! };
      tensors[SQUARE + name] = { shape, data: optimiser.square[i]! };
    },
  );
  const training = JSON.stringify({ ...position, optimiserSteps: optimiser.steps });
  return writeSafetensors(tensors, { ...metadata, training });
}

/**
 * The model in a file written by saveModel(), and the state of its training run if it was saved in one.
 * @throws BadSafetensors | BadModelFile; nothing is allocated on the GPU before the config has been checked
 */
export function loadModel(file: ArrayBuffer | Uint8Array): {
  model: BiGrid;
  state: TrainState | null;
  metadata: Record<string, string>;
} {
  const contents = readSafetensors(file);
  const { training } = contents.metadata;
  const model = BiGrid.from(gridConfigOf(contents), (name, { shape }) => floats(contents, name, shape));
  try {
    model.reading = readingIn(contents);
    const state = training === undefined ? null : readState(contents, model, training);
    return { model, state, metadata: contents.metadata };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What the model in a file is. @throws BadModelFile */
export function gridConfigOf({ metadata }: SafetensorsFile): ModelConfig {
  const { format, version, model } = metadata;
  if (format !== FORMAT) throw new BadModelFile('its metadata name another format');
  if (version !== VERSION) throw new BadModelFile(`its version is ${version}, this program reads ${VERSION}`);
  return parseModelConfig(model);
}

/** How the map of the model in a file is read. @throws BadModelFile */
export const readingIn = ({ metadata }: SafetensorsFile): Reading => parseReading(metadata['reading']);

function readState(file: SafetensorsFile, model: BiGrid, training: string): TrainState {
  const { optimiserSteps, ...position } = parseTrainState(training);
  const parameters = trainableParameters(model, position.position.stage, position.config.freeze);
  const moments = (prefix: string) =>
    parameters.map(({ name, variable }) => floats(file, prefix + name, variable.shape));
  const optimiser: OptimiserState = { steps: optimiserSteps, mean: moments(MEAN), square: moments(SQUARE) };
  return { ...position, optimiser };
}

/** A tensor of exactly this name and shape. @throws BadModelFile */
function floats({ tensors }: SafetensorsFile, name: string, shape: readonly number[]): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new BadModelFile(`the tensor ${name} is missing`);
  if (tensor.dtype !== 'F32' || tensor.shape.join() !== shape.join()) {
    throw new BadModelFile(`${name} is ${tensor.dtype} [${tensor.shape.join()}], not F32 [${shape.join()}]`);
  }
  return tensor.data as Float32Array;
}
