// Keeping the user's work and bringing it back: own images follow every change a moment later; the model follows each
// finished run. A full disk, a private window or another tab costs the keeping, never the work. Trainings under way:
// keptRun.ts.
import { NoModel } from '../../engine/api/errors';
import { ownModelFile } from '../compare/ownModel';
import { engine } from '../shell/engineLink';
import {
  deleteAll,
  deleteFiles,
  keptIds,
  keepModelsOf,
  readFiles,
  readList,
  readModelOf,
  readShelf,
  writeFiles,
  writeLists,
  writeModel,
  type KeptFiles,
  type KeptList,
  type KeptModel,
  type KeptRecord,
} from './database';
import { canWrite, onTakeOver, stopKeeping, takeStorageLock } from './storageLock';
import { filesOf, holdOwn } from '../images/pictures';
import { CannotForget, isFull, refreshQuota, requireQuota, NoRoom, Refused } from './quota';
import { featuresChanged, isOwnSet } from '../shell/selectors';
import { listed, type ImageRecord } from '../images/dataSlice';
import { keepStoredMaps } from './storedMaps';
import { forgetStored } from '../shell/storage';
import { getState, patch, useApp } from '../shell/store';
import { notify } from '../notices/actions';
import { setParam } from '../settings/actions';
import { msg, t } from '../languages/texts';

const WRITE_DELAY_MS = 500;

let writing: Promise<void> = Promise.resolve();

/** One write after the other; a failure costs only its own. */
function inTurn(write: () => Promise<void>, what: string): Promise<void> {
  return (writing = writing.then(write).catch((error: unknown) => cannotKeep(error, what)));
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Starts following the user's own images. */
export function startKeeping(): void {
  onTakeOver(() => {
    void inTurn(keepImages, t('your images'));
    if (getState().model.source === 'trained') void keepModel();
  });
  useApp.subscribe(({ data, params }, before) => {
    const same = data.images === before.data.images && data.order === before.data.order;
    if (data.set.id !== 'own' || (same && params.dataset === before.params.dataset)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void keepPending(), WRITE_DELAY_MS);
  });
}

/** What is still to be written of the set on screen, at once: it is about to leave. */
export async function keepPending(): Promise<void> {
  if (timer === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  await inTurn(keepImages, t('your images'));
}

/** Sets that the user has taken out for good, by key: they are not put on the shelf. */
const removed = new Set<string>();

export const keyOf = ({ key, dataset }: KeptList): string => key ?? dataset;

/** All of the user's sets that are kept; the one that was on screen last comes first. */
export async function keptSets(): Promise<KeptList[]> {
  const list = await readList().catch(() => null);
  const shelf = await readShelf().catch(() => []);
  return [...(list ? [list] : []), ...shelf].filter(
    (kept) => kept.records.length > 0 && !removed.has(keyOf(kept)),
  );
}

/** Fills the chooser with the user's sets of earlier visits. */
export async function loadShelf(): Promise<void> {
  const sets = await keptSets();
  const { data } = getState();
  const there = new Set([data.set.own?.key, ...data.shelf.map(({ key }) => key)]);
  const more = sets
    .filter((kept) => !there.has(keyOf(kept)))
    .map((kept) => ({ key: keyOf(kept), title: kept.title ?? OWN_TITLE, images: kept.records.length }));
  if (more.length > 0) patch('data', { shelf: [...data.shelf, ...more] });
}

/** Images that came without a folder's name. */
export const OWN_TITLE: string = msg('Your images');

/** A set of the user's own goes for good. @param now false: when another one takes its place */
export async function dropSet(key: string, now = true): Promise<void> {
  removed.add(key);
  if (!now || !(await canWrite({ quiet: true }))) return;
  await inTurn(async () => {
    const [list, shelf] = [await readList(), await readShelf()];
    const gone = [...(list ? [list] : []), ...shelf].filter((kept) => keyOf(kept) === key);
    if (gone.length === 0) return;
    await writeLists(list && keyOf(list) !== key ? list : null, shelf.filter((kept) => keyOf(kept) !== key)); // prettier-ignore
    await deleteFiles(gone.flatMap(({ records }) => records.map(({ id }) => id)));
  }, t('your images'));
}

/** It is wanted after all. */
export const keepSetAfterAll = (key: string): void => void removed.delete(key);

/** Files first, then the list that names them, then what it no longer names: a crash in between loses nothing. */
async function keepImages(): Promise<void> {
  const { data, params } = getState();
  // Another set came on screen meanwhile; what is kept of this one stays.
  // An empty set is one that is about to be filled.
  if (data.set.id !== 'own' || data.order.length === 0 || !(await canWrite())) return;
  const known = new Set(await keptIds());
  const records = data.order.map((id) => data.images[id]!);
  // A file counts once it was decoded, or when it came back from here: without an engine nothing is decoded.
  const worthKeeping = records.filter(({ id, status }) => status === 'ready' || known.has(id));
  // Before the first is decoded, what is kept of the set before stays.
  if (worthKeeping.length === 0) return;
  const fresh = worthKeeping.filter(({ id }) => !known.has(id) && filesOf(id));
  await keepFiles(fresh.map(({ id }) => [id, filesOf(id)!] as const));
  const { readings, set } = data;
  const { key, dataset } = set.own ?? { key: '', dataset: params.dataset };
  const others = (await keptSets()).filter((kept) => keyOf(kept) !== key);
  await writeLists(
    {
      key,
      title: set.title,
      dataset,
      params: { ...params, dataset },
      records: worthKeeping.map(toKept),
      readings,
    },
    others,
  );
  const wanted = new Set([...data.order, ...others.flatMap(({ records }) => records.map(({ id }) => id))]);
  await deleteFiles([...known].filter((id) => !wanted.has(id)));
  await keepModelsOf(new Set([dataset, ...others.map(({ dataset }) => dataset)]));
}

/** All of them or none: half a set would be another set, and would take the room that a model needs. */
async function keepFiles(files: readonly (readonly [string, KeptFiles])[]): Promise<void> {
  if (files.length === 0) return;
  const sizes = files.map(([, { file, maskFile }]) => file.size + (maskFile?.size ?? 0));
  await requireQuota(sizes.reduce((sum, size) => sum + size, 0));
  const written: string[] = [];
  try {
    for (const [id, both] of files) {
      await writeFiles(id, both);
      written.push(id);
    }
  } catch (error) {
    await deleteFiles(written).catch(() => undefined);
    throw error;
  }
}

/** The files of an image that is kept already are others now: it was given another mask. */
export async function keepFilesAgain(id: string): Promise<void> {
  if (!(await canWrite({ quiet: true }))) return;
  await inTurn(async () => {
    const files = filesOf(id);
    if (files && (await keptIds()).includes(id)) await writeFiles(id, files);
  }, t('the mask'));
}

/** Images that were taken out for good are not kept either. */
export async function dropKept(ids: readonly string[]): Promise<void> {
  if (!(await canWrite({ quiet: true }))) return;
  const gone = new Set(ids);
  await inTurn(async () => {
    const without = (list: KeptList) => ({
      ...list,
      records: list.records.filter(({ id }) => !gone.has(id)),
    });
    const [list, shelf] = [await readList(), await readShelf()];
    if (!list && shelf.length === 0) return;
    await writeLists(list && without(list), shelf.map(without));
    await deleteFiles(ids);
  }, t('your images'));
}

/**
 * Everything that is kept for the next visit goes, and nothing more of this visit is kept. A tab that keeps meanwhile
 * loses the right to: it would write again what was just forgotten.
 */
export async function forgetKept(): Promise<void> {
  await takeStorageLock();
  stopKeeping();
  patch('kept', { resumable: null, refused: false });
  await writing;
  forgetStored();
  await deleteAll().catch((cause: unknown) => {
    throw new CannotForget({ cause });
  });
  await refreshQuota();
}

const toKept = ({ id, name, split, label, type }: ImageRecord): KeptRecord => ({
  id,
  name,
  split,
  label,
  type,
});

/** Whether a reload would lose the user's images, because the browser refused to keep them. */
export const keepingRefused = (): boolean => {
  const { refused, keeper } = getState().kept;
  return refused || keeper === 'elsewhere' || keeper === 'visiting';
};

/** Said once: repeating it with every image would hide everything else. */
export function cannotKeep(error: unknown, what: string): void {
  if (getState().kept.refused) return;
  patch('kept', { refused: true });
  void refreshQuota();
  const { message, remedy } =
    error instanceof NoRoom ? error : isFull(error) ? new NoRoom(what) : new Refused(what);
  notify({ tone: 'info', message, remedy });
}

/** The kept images, if they are those of the set that the address names. @returns whether they are back */
export async function restoreOwnImages(): Promise<boolean> {
  const { dataset } = getState().params;
  const list = (await keptSets()).find((kept) => dataset === 'own' || dataset === kept.dataset);
  if (list) await bringBack(list);
  return list !== undefined;
}

/** Offers the images of the last visit when the page opened with another set. */
export async function offerKeptImages(open: () => void): Promise<void> {
  const [list] = await keptSets();
  if (!list || isOwnSet(getState().params)) return;
  const count = list.records.length;
  notify({
    tone: 'info',
    message:
      count === 1
        ? t('Your image of the last visit is kept here.')
        : t('Your {count} images of the last visit are kept here.', { count }),
    action: { label: t('Bring them back'), run: open },
    lifetime: 12_000,
  });
}

/** Brings the images of a kept set onto a screen that shows an empty one. */
export async function bringBack(list: KeptList): Promise<void> {
  const { dataset, records, readings = [], title = OWN_TITLE } = list;
  const back: ImageRecord[] = [];
  for (const record of records) {
    const files = await readFiles(record.id).catch(() => null);
    if (!files) continue;
    holdOwn(record.id, files.file, files.maskFile);
    back.push(listed({ ...record, own: true }));
  }
  setParam('dataset', dataset);
  patch('data', {
    images: Object.fromEntries(back.map((record) => [record.id, record])),
    order: back.map(({ id }) => id),
    readings,
    set: { ...getState().data.set, title, own: { key: keyOf(list), dataset } },
    selected: (back.find(({ split }) => split === 'test') ?? back[0])?.id ?? null,
  });
}

/** Keeps the model of a finished run, and first the images that it was trained on: alone it would be of no use. */
export async function keepModel(): Promise<void> {
  if (!(await canWrite())) return;
  await inTurn(keepImages, t('your images'));
  await inTurn(async () => writeModel(await modelInUse()), t('your model'));
}

/** The model that answers, with what is known of it. @throws NoModel */
export async function modelInUse(): Promise<KeptModel> {
  const { params, model, training } = getState();
  const file = await ownModelFile(getState());
  if (!file) throw new NoModel();
  return {
    dataset: params.dataset,
    params: { ...params, ...model.params },
    fusionValue: model.fusionValue,
    losses: training.losses,
    seconds: training.seconds,
    file,
  };
}

/** From a session just opened: goes before what is kept, once. */
let pendingModel: KeptModel | null = null;

/** The next look for a kept model finds this one. */
export const setPendingModel = (model: KeptModel | null): void => void (pendingModel = model);

/**
 * The kept model, if it was trained on this set with the features now set.
 * @param outdated whether the page has moved on; the model then stays where it is
 * @returns whether it is in use
 */
export async function restoreModel(outdated = () => false): Promise<boolean> {
  const given = pendingModel?.dataset === getState().params.dataset ? pendingModel : null;
  // A link shows what it says, not what was trained here before.
  const visiting = getState().kept.keeper === 'visiting';
  const asked = getState().params.dataset;
  const kept = given ?? (visiting ? null : await readModelOf(asked).catch(() => null));
  const state = getState();
  if (!kept || kept.dataset !== state.params.dataset || outdated()) return false;
  const model = { source: 'trained' as const, params: kept.params, fusionValue: kept.fusionValue };
  if (featuresChanged({ ...state, model })) return false;
  try {
    // A copy: it is handed over to the engine's thread.
    await engine()!.loadModel(kept.file.slice(0));
  } catch {
    // A file of an older version, say: the stored model or none serves instead.
    return false;
  }
  // Who comes too late leaves it to the next.
  if (outdated()) return false;
  if (given === pendingModel) pendingModel = null;
  keepStoredMaps(new Map());
  patch('model', model);
  patch('training', { losses: kept.losses, seconds: kept.seconds });
  patch('scores', { status: getState().scores.status === 'none' ? 'none' : 'stale' });
  if (given) void keepModel();
  return true;
}
