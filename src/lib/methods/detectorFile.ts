// A fitted detector as one safetensors file: its tensors, and its config as JSON in the metadata. Reading trusts nothing;
// whether config and tensors fit each other is for the method's own `restore` to say. Grids: grad/checkpoint.ts.
import * as v from 'valibot';
import { writeSafetensors, type SafetensorsFile } from '../formats/safetensors';
import { recordOf } from '../formats/schema';
import { BadModelFile } from './errors';
import type { Detector, DetectorConfig, StoredTensor } from './detector';
import { methodOf } from './registry';
import { parseMetadata } from './stored';

const FORMAT = 'grad-playground detector';
const VERSION = '1';

/** The detector's tensors and config as a safetensors file. @param extra further metadata; its own keys win */
export async function writeDetector(
  detector: Detector,
  extra: Record<string, string> = {},
): Promise<ArrayBuffer> {
  return writeSafetensors(await detector.tensors(), {
    ...extra,
    format: FORMAT,
    version: VERSION,
    method: detector.method,
    config: JSON.stringify(detector.config),
  });
}

export const isDetectorFile = ({ metadata }: SafetensorsFile): boolean => metadata['format'] === FORMAT;

/**
 * The detector in a file written by writeDetector().
 * @throws BadModelFile | UnknownMethod; nothing is allocated on the GPU before every value has been checked
 */
export function readDetector(file: SafetensorsFile): Detector {
  const { method, config } = detectorConfigOf(file);
  const definition = methodOf(method);
  const checked = new Map([...file.tensors].map(([name, tensor]) => [name, finiteFloats(name, tensor)]));
  return definition.restore(config, checked);
}

/** Which method a detector's file is of, and its config. @throws BadModelFile */
export function detectorConfigOf({ metadata }: SafetensorsFile): { method: string; config: DetectorConfig } {
  const { version, method = '', config } = metadata;
  if (version !== VERSION) throw new BadModelFile(`its version is ${version}, this program reads ${VERSION}`);
  return { method, config: parseMetadata(CONFIG, config, 'its config') };
}

function finiteFloats(name: string, tensor: { dtype: string; shape: number[]; data: unknown }): StoredTensor {
  const { dtype, shape } = tensor;
  if (dtype !== 'F32') throw new BadModelFile(`${name} is ${dtype}, not F32`);
  const data = tensor.data as Float32Array;
  if (!data.every(Number.isFinite)) throw new BadModelFile(`${name} has values that are no numbers`);
  return { shape, data };
}

/** Numbers, texts, switches, and lists of numbers (the kept channels, say), which are never longer than this. */
const LONGEST_LIST = 65_536;

const isValue = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length <= LONGEST_LIST && value.every(Number.isFinite)
    : typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

const CONFIG = recordOf(v.custom<DetectorConfig[string]>(isValue, 'is neither number, text nor switch'));
