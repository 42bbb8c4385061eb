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
  readFiles,
  readList,
  readModel,
  writeFiles,
  writeList,
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
import { getState, patch, setState, useApp } from '../shell/store';
import { notify } from '../notices/actions';
import { setParam } from '../settings/actions';
import { t } from '../languages/texts';

const WRITE_DELAY_MS = 500;

let writing: Promise<void> = Promise.resolve();

/** One write after the other; a failure costs only its own. */
function inTurn(write: () => Promise<void>, what: string): Promise<void> {
  return (writing = writing.then(write).catch((error: unknown) => cannotKeep(error, what)));
}

/** Starts following the user's own images. */
export function startKeeping(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onTakeOver(() => {
    void inTurn(keepImages, t('your images'));
    if (getState().model.source === 'trained') void keepModel();
  });
  useApp.subscribe(({ data, params }, before) => {
    const same = data.images === before.data.images && data.order === before.data.order;
    if (data.set.id !== 'own' || (same && params.dataset === before.params.dataset)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void inTurn(keepImages, t('your images')), WRITE_DELAY_MS);
  });
}

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
  const { readings } = data;
  await writeList({ dataset: params.dataset, params, records: worthKeeping.map(toKept), readings });
  const wanted = new Set(data.order);
  await deleteFiles([...known].filter((id) => !wanted.has(id)));
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
  const list = await readList().catch(() => null);
  if (!list) return;
  await writeList({ ...list, records: list.records.filter(({ id }) => !gone.has(id)) });
  await deleteFiles(ids);
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
  const list = await readList().catch(() => null);
  const { dataset } = getState().params;
  const fits = list !== null && list.records.length > 0 && (dataset === 'own' || dataset === list.dataset);
  if (fits) await bringBack(list);
  return fits;
}

/** Offers the images of the last visit when the page opened with another set. */
export async function offerKeptImages(open: () => void): Promise<void> {
  const list = await readList().catch(() => null);
  if (!list || list.records.length === 0 || isOwnSet(getState().params)) return;
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

/** The settings that the kept images were last looked at with. */
export async function restoreSettings(): Promise<void> {
  const list = await readList().catch(() => null);
  if (list?.params) setState({ params: { ...list.params, dataset: 'own' } });
}

async function bringBack({ dataset, records, readings = [] }: KeptList): Promise<void> {
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
  const kept = given ?? (visiting ? null : await readModel().catch(() => null));
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
  if (given === pendingModel) pendingModel = null;
  if (outdated()) return false;
  keepStoredMaps(new Map());
  patch('model', model);
  patch('training', { losses: kept.losses, seconds: kept.seconds });
  patch('scores', { status: getState().scores.status === 'none' ? 'none' : 'stale' });
  if (given) void keepModel();
  return true;
}
