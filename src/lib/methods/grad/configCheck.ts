// Checks a model's config that comes from a file: a hostile or damaged one must fail with words, not with a huge
// allocation or NaN. The parameter table's ranges are the measure where it has them.
import { GRID_METHODS } from '../../../settings/methods';
import { PARAMS } from '../../../settings/table';
import type { NumberSpec } from '../../../settings/spec';
import type { ModelConfig } from './config';
import { BadModelFile } from './errors';

const LARGEST_MAP = 512;
const MOST_CHANNELS = 8192;

export type Check = (value: unknown) => boolean;

const within = ({ min, max, integer }: Pick<NumberSpec, 'min' | 'max' | 'integer'>): Check => {
  return (value) =>
    typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value));
};
const oneOf = (options: readonly { value: string }[]): Check => {
  return (value) => options.some((option) => option.value === value);
};

const CHECKS: Record<keyof ModelConfig, Check> = {
  method: (value) => (GRID_METHODS as readonly unknown[]).includes(value),
  channels: within({ min: 1, max: MOST_CHANNELS, integer: true }),
  height: within({ min: 1, max: LARGEST_MAP, integer: true }),
  width: within({ min: 1, max: LARGEST_MAP, integer: true }),
  decoder: oneOf(PARAMS.decoder.options),
  blocks: within(PARAMS.blocks),
  expansion: within(PARAMS.expansion),
  localGrid: within(PARAMS.localGrid),
  globalGrid: within(PARAMS.globalGrid),
  fusion: oneOf(PARAMS.fusion.options),
  lambda: within(PARAMS.lambda),
};

/** The config in this JSON text. @throws BadModelFile naming the first field that is wrong */
export function parseModelConfig(text: string | undefined): ModelConfig {
  const value = parseObject(text, 'its description');
  for (const [field, check] of Object.entries(CHECKS)) {
    if (!check(value[field])) throw new BadModelFile(`${field} is ${JSON.stringify(value[field])}`);
  }
  const fields = Object.keys(CHECKS).map((field) => [field, value[field]]);
  return Object.fromEntries(fields) as ModelConfig;
}

/** The object in this JSON text. @throws BadModelFile */
export function parseObject(text: string | undefined, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null)
    throw new BadModelFile(`${what} is missing or not readable`);
  return value as Record<string, unknown>;
}
