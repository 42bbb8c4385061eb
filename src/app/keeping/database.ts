// What survives a reload or a crash, in IndexedDB: the user's own images with their labels, the last trained model, and
// a training that is under way.
// Blobs are stored as they are; nothing leaves the machine. Reading trusts nothing: what does not fit is left out.
import { clear, createStore, delMany, get, keys, set, setMany, type UseStore } from 'idb-keyval';
import type { GenericSchema } from 'valibot';
import type * as Schemas from './schema';
import type { KeptComparison, KeptList, KeptModel, KeptRun } from './schema';

export type { KeptComparison, KeptList, KeptModel, KeptRecord, KeptRun } from './schema';

export interface KeptFiles {
  file: File;
  maskFile: File | null;
}

/** The user's set that was on screen last, and the others. */
const LIST = 'list';
const SHELF = 'shelf';
/** The model that was trained last; those of other sets below it, by the set's name. */
const MODEL = 'model';
const RUN = 'run';
/** Beside its description, which is read often. */
const RUN_FILE = 'run-file';
const COMPARISON = 'comparison';
const FILE = 'file/';

let opened: UseStore | null = null;
/** Opened late: in a private window, or without IndexedDB, opening throws, and that is the caller's to handle. */
const database = (): UseStore => (opened ??= createStore('grad-playground', 'kept'));

/** What is kept under a key, if its schema accepts it; null when there is none or it is damaged. */
async function read<T>(
  key: string,
  schemaOf: (schemas: typeof Schemas) => GenericSchema<unknown, T>,
): Promise<T | null> {
  const value = await get<unknown>(key, database());
  if (value === undefined) return null;
  const schemas = await import('./schema');
  return schemas.parseOrNull(schemaOf(schemas), value);
}

export const writeFiles = async (id: string, files: KeptFiles): Promise<void> =>
  set(FILE + id, files, database());

/** The set on screen and the others, both or neither. */
export const writeLists = async (list: KeptList | null, shelf: readonly KeptList[]): Promise<void> =>
  setMany(
    [
      [LIST, list],
      [SHELF, shelf],
    ],
    database(),
  );

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
export const readList = async (): Promise<KeptList | null> => read(LIST, (schemas) => schemas.LIST);

/** The user's sets that were on screen before that one. */
export const readShelf = async (): Promise<KeptList[]> =>
  (await read(SHELF, (schemas) => schemas.SHELF)) ?? [];

/** The files of an image; null when they are gone. */
export async function readFiles(id: string): Promise<KeptFiles | null> {
  const files = await get<Partial<KeptFiles>>(FILE + id, database());
  if (!(files?.file instanceof File)) return null;
  return { file: files.file, maskFile: files.maskFile instanceof File ? files.maskFile : null };
}

/** That of another of the user's sets steps aside for it. */
export async function writeModel(model: KeptModel): Promise<void> {
  const before = await readModel();
  const aside = before !== null && before.dataset !== model.dataset && before.dataset.startsWith('own');
  const entries: [string, KeptModel][] = [[MODEL, model]];
  if (aside) entries.push([modelKey(before.dataset), before]);
  await setMany(entries, database());
}

const modelKey = (dataset: string) => `${MODEL}/${dataset}`;

/** Forgets the models of all sets but these. */
export async function keepModelsOf(datasets: ReadonlySet<string>): Promise<void> {
  const all = (await keys<string>(database())).filter((key) => key.startsWith(modelKey('')));
  const gone = all.filter((key) => !datasets.has(key.slice(modelKey('').length)));
  if (gone.length > 0) await delMany(gone, database());
}

/** The kept model of a set. */
export async function readModelOf(dataset: string): Promise<KeptModel | null> {
  const last = await readModel();
  return last?.dataset === dataset ? last : read(modelKey(dataset), (schemas) => schemas.MODEL);
}

/** The kept model; null when there is none. Its file is checked when it is loaded. */
export const readModel = async (): Promise<KeptModel | null> => read(MODEL, (schemas) => schemas.MODEL);

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
export const readRun = async (): Promise<KeptRun | null> => read(RUN, (schemas) => schemas.RUN);

/** Its checkpoint, which the engine checks. */
export async function readRunFile(): Promise<ArrayBuffer | null> {
  const file = await get<unknown>(RUN_FILE, database());
  return file instanceof ArrayBuffer ? file : null;
}

export const deleteRun = async (): Promise<void> => delMany([RUN, RUN_FILE], database());

export const writeComparison = async (comparison: KeptComparison): Promise<void> =>
  set(COMPARISON, comparison, database());

/** The kept results; null when there are none. */
export const readComparison = async (): Promise<KeptComparison | null> =>
  read(COMPARISON, (schemas) => schemas.COMPARISON);

/** Everything. */
export const deleteAll = async (): Promise<void> => clear(database());
