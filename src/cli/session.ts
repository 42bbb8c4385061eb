// The session file: the engine's own model file (.safetensors) with one metadata entry more that says how it was
// made, so that `score` can set everything up again. Reading trusts nothing.
import type { Metrics, ScoreTable } from '../engine/types';
import {
  BadSafetensors,
  readSafetensors,
  writeSafetensors,
  type WritableTensor,
} from '../formats/safetensors';
import { defaultParams, PARAM_NAMES, type Params } from '../params/table';
import { consistent, judge, specOf } from '../params/values';
import { NotASession } from './errors';

const KEY = 'grad.session';
export const SESSION_SCHEMA = 1;

/** What a session says about its model. */
export interface SessionInfo {
  schema: typeof SESSION_SCHEMA;
  params: Params;
  trainImages: number;
  threshold: ScoreTable['threshold'];
  /** Of the evaluation that wrote it; null after training alone. */
  metrics: Metrics | null;
}

/** Adds the description to a model file. */
export function writeSession(model: ArrayBuffer, info: SessionInfo): ArrayBuffer {
  const { tensors, metadata } = readSafetensors(model);
  const copies = [...tensors].map(([name, { shape, data }]) => [name, { shape, data }] as const);
  return writeSafetensors(Object.fromEntries(copies) as Record<string, WritableTensor>, {
    ...metadata,
    [KEY]: JSON.stringify(info),
  });
}

/**
 * The description in a session file; the file itself is what the engine's `loadModel` takes.
 * @throws NotASession
 */
export function readSession(path: string, file: ArrayBuffer): SessionInfo {
  const info = parse(path, descriptionOf(path, file));
  if (info['schema'] !== SESSION_SCHEMA) {
    throw new NotASession(path, `its schema is ${String(info['schema'])}, not ${SESSION_SCHEMA}`);
  }
  return {
    schema: SESSION_SCHEMA,
    params: readParams(info['params']),
    trainImages: Number(info['trainImages']) || 0,
    threshold: readThreshold(info['threshold']),
    metrics: (info['metrics'] ?? null) as Metrics | null,
  };
}

function descriptionOf(path: string, file: ArrayBuffer): string {
  try {
    const text = readSafetensors(file).metadata[KEY];
    if (text !== undefined) return text;
  } catch (error) {
    if (error instanceof BadSafetensors) throw new NotASession(path, error.message);
    throw error;
  }
  throw new NotASession(path, `its metadata have no "${KEY}"`);
}

function parse(path: string, text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The same complaint as for JSON that is no object.
  }
  throw new NotASession(path, 'its description is not JSON');
}

/** Each value as its row allows, defaults for what is missing. */
function readParams(stored: unknown): Params {
  const given = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  const known = PARAM_NAMES.filter((name) => name in given);
  const judged = known.map((name) => [name, judge(specOf(name), given[name]).value]);
  return consistent({ ...defaultParams(), ...(Object.fromEntries(judged) as Partial<Params>) });
}

function readThreshold(stored: unknown): ScoreTable['threshold'] {
  const { value, source } = (stored ?? {}) as { value?: unknown; source?: unknown };
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return { value, source: source === 'normal images' ? source : 'labelled test images' };
}
