// What survives a reload or a crash, in IndexedDB: the user's own images with their labels, the last trained model, and
// a training that is under way.
// Blobs are stored as they are; nothing leaves the machine. Reading trusts nothing: what does not fit is left out.
import { clear, createStore, delMany, get, keys, set, setMany, type UseStore } from 'idb-keyval';
import type { Label, Split, StageProgress } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import { parseParams } from '../../session/params';
import type { LossCurves } from '../training/trainingSlice';

/** What is known of an image besides its file. */
export interface KeptRecord {
  id: string;
  name: string;
  split: Split;
  label: Label;
  type: string;
}

export interface KeptFiles {
  file: File;
  maskFile: File | null;
}

export interface KeptList {
  /** The set's name with its digest, as in the address. */
  dataset: string;
  /** As they were set; null in lists of earlier versions. */
  params: Params | null;
  records: KeptRecord[];
}

export interface KeptModel {
  /** The set it was trained on. */
  dataset: string;
  params: Params;
  /** The learned w, or the fixed lambda; null for a method that fuses nothing. */
  fusionValue: number | null;
  losses: LossCurves;
  seconds: number | null;
  file: ArrayBuffer;
}

/** A training under way, as of its last checkpoint. */
export interface KeptRun {
  /** The set it learns from. */
  dataset: string;
  /** It was started with these. */
  params: Params;
  progress: StageProgress;
  losses: LossCurves;
}

const LIST = 'list';
const MODEL = 'model';
const RUN = 'run';
/** Beside its description, which is read often. */
const RUN_FILE = 'run-file';
const COMPARISON = 'comparison';
const FILE = 'file/';

let opened: UseStore | null = null;
/** Opened late: in a private window, or without IndexedDB, opening throws, and that is the caller's to handle. */
const database = (): UseStore => (opened ??= createStore('grad-playground', 'kept'));

export const writeFiles = async (id: string, files: KeptFiles): Promise<void> =>
  set(FILE + id, files, database());

export const writeList = async (list: KeptList): Promise<void> => set(LIST, list, database());

export const deleteFiles = async (ids: readonly string[]): Promise<void> =>
  delMany(
    ids.map((id) => FILE + id),
    database(),
  );

/** Ids of all files that are kept, those of an unfinished write too. */
export async function keptIds(): Promise<string[]> {
  const all = await keys<string>(database());
  return all.filter((key) => key.startsWith(FILE)).map((key) => key.slice(FILE.length));
}

/** The list of kept images; null when there is none or it is damaged. */
export async function readList(): Promise<KeptList | null> {
  const list = await get<Partial<KeptList>>(LIST, database());
  if (typeof list?.dataset !== 'string' || !Array.isArray(list.records)) return null;
  const params = list.params ? parseParams(list.params, 'params') : null;
  return { dataset: list.dataset, params, records: list.records.filter(isRecord) };
}

/** The files of an image; null when they are gone. */
export async function readFiles(id: string): Promise<KeptFiles | null> {
  const files = await get<Partial<KeptFiles>>(FILE + id, database());
  if (!(files?.file instanceof File)) return null;
  return { file: files.file, maskFile: files.maskFile instanceof File ? files.maskFile : null };
}

export const writeModel = async (model: KeptModel): Promise<void> => set(MODEL, model, database());

/** The kept model; null when there is none. Its file is checked by whoever loads it. */
export async function readModel(): Promise<KeptModel | null> {
  const model = await get<Partial<KeptModel>>(MODEL, database());
  const whole =
    model?.file instanceof ArrayBuffer && typeof model.dataset === 'string' && model.params && model.losses;
  return whole ? { ...(model as KeptModel), params: parseParams(model.params, 'params') } : null;
}

/** Both or neither. */
export const writeRun = async (run: KeptRun, file: ArrayBuffer): Promise<void> =>
  setMany(
    [
      [RUN, run],
      [RUN_FILE, file],
    ],
    database(),
  );

/** The kept run; null when there is none or it is damaged. */
export async function readRun(): Promise<KeptRun | null> {
  const run = await get<Partial<KeptRun>>(RUN, database());
  if (typeof run?.dataset !== 'string' || !run.params || !run.losses) return null;
  const { step, steps } = run.progress ?? {};
  if (!Number.isSafeInteger(step) || !Number.isSafeInteger(steps)) return null;
  return { ...(run as KeptRun), params: parseParams(run.params, 'params') };
}

/** Its checkpoint, which the engine checks. */
export async function readRunFile(): Promise<ArrayBuffer | null> {
  const file = await get<unknown>(RUN_FILE, database());
  return file instanceof ArrayBuffer ? file : null;
}

export const deleteRun = async (): Promise<void> => delMany([RUN, RUN_FILE], database());

/** Results of a comparison, of one set. */
export interface KeptComparison {
  dataset: string;
  /** Checked by whoever reads them. */
  runs: unknown;
}

export const writeComparison = async (comparison: KeptComparison): Promise<void> =>
  set(COMPARISON, comparison, database());

/** The kept results; null when there are none. */
export async function readComparison(): Promise<KeptComparison | null> {
  const kept = await get<Partial<KeptComparison>>(COMPARISON, database());
  return typeof kept?.dataset === 'string' ? { dataset: kept.dataset, runs: kept.runs } : null;
}

/** Everything. */
export const deleteAll = async (): Promise<void> => clear(database());

function isRecord(value: Partial<KeptRecord>): value is KeptRecord {
  return (
    typeof value?.id === 'string' &&
    typeof value.name === 'string' &&
    (value.split === 'train' || value.split === 'test') &&
    (value.label === 0 || value.label === 1 || value.label === null) &&
    typeof value.type === 'string'
  );
}
