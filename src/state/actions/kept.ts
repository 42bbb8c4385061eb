// Keeping the user's work and bringing it back: own images follow every change a moment later; the model follows each
// finished run. A full disk or a private window costs the keeping, never the work.
import { toReport } from '../../errors';
import { engine } from '../engineLink';
import {
  deleteFiles,
  deleteModel,
  keptIds,
  readFiles,
  readList,
  readModel,
  writeFiles,
  writeList,
  writeModel,
  type KeptList,
  type KeptRecord,
} from '../keeper';
import { filesOf, holdOwn } from '../pictures';
import { featuresChanged, isOwnSet } from '../selectors';
import { listed, type ImageRecord } from '../slices/data';
import { keepStoredMaps } from '../stored';
import { getState, patch, useApp } from '../store';
import { notify } from './notices';
import { setParam } from './params';

const WRITE_DELAY_MS = 500;

let writing: Promise<void> = Promise.resolve();
let refused = false;

/** Starts following the user's own images. */
export function startKeeping(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  useApp.subscribe(({ data, params }, before) => {
    const same = data.images === before.data.images && data.order === before.data.order;
    if (data.set.id !== 'own' || (same && params.dataset === before.params.dataset)) return;
    clearTimeout(timer);
    timer = setTimeout(() => (writing = writing.then(keepImages).catch(cannotKeep)), WRITE_DELAY_MS);
  });
}

/** Files first, then the list that names them, then what it no longer names: a crash in between loses nothing. */
async function keepImages(): Promise<void> {
  const { data, params } = getState();
  // Another set came on screen meanwhile; what is kept of this one stays.
  // An empty set is one that is about to be filled.
  if (data.set.id !== 'own' || data.order.length === 0) return;
  const known = new Set(await keptIds());
  const records = data.order.map((id) => data.images[id]!);
  // A file counts once it was decoded, or when it came back from here: without an engine nothing is decoded.
  const worthKeeping = records.filter(({ id, status }) => status === 'ready' || known.has(id));
  for (const { id } of worthKeeping) {
    const files = filesOf(id);
    if (files && !known.has(id)) await writeFiles(id, files);
  }
  await writeList({ dataset: params.dataset, records: worthKeeping.map(toKept) });
  const wanted = new Set(data.order);
  await deleteFiles([...known].filter((id) => !wanted.has(id)));
}

/** Images that were taken out for good are not kept either. */
export async function dropKept(ids: readonly string[]): Promise<void> {
  const gone = new Set(ids);
  const list = await readList().catch(() => null);
  if (!list) return;
  await writeList({ ...list, records: list.records.filter(({ id }) => !gone.has(id)) });
  await deleteFiles(ids);
}

/** Everything that is kept for the next visit goes. */
export async function forgetKept(): Promise<void> {
  await writeList({ dataset: '', records: [] });
  await deleteFiles(await keptIds());
  await deleteModel();
}

const toKept = ({ id, name, split, label, type }: ImageRecord): KeptRecord => ({
  id,
  name,
  split,
  label,
  type,
});

/** Whether a reload would lose the user's images, because the browser refused to keep them. */
export const keepingRefused = (): boolean => refused;

/** Said once: repeating it with every image would hide everything else. */
function cannotKeep(error: unknown): void {
  if (refused) return;
  refused = true;
  notify({
    tone: 'info',
    message: `The browser cannot keep your images for the next visit: ${toReport(error).message}`,
    remedy:
      'Everything works as before, but a reload will lose them. Free some disk space, or leave private mode.',
    lifetime: 15_000,
  });
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
        ? 'Your image of the last visit is kept here.'
        : `Your ${count} images of the last visit are kept here.`,
    action: { label: 'Bring them back', run: open },
    lifetime: 12_000,
  });
}

async function bringBack({ dataset, records }: KeptList): Promise<void> {
  const back: ImageRecord[] = [];
  for (const record of records) {
    const files = await readFiles(record.id);
    if (!files) continue;
    holdOwn(record.id, files.file, files.maskFile);
    back.push(listed({ ...record, own: true }));
  }
  setParam('dataset', dataset);
  patch('data', {
    images: Object.fromEntries(back.map((record) => [record.id, record])),
    order: back.map(({ id }) => id),
    selected: (back.find(({ split }) => split === 'test') ?? back[0])?.id ?? null,
  });
}

/** Keeps the model of a finished run. */
export async function keepModel(): Promise<void> {
  const { params, model, training } = getState();
  try {
    const file = await engine()!.saveModel(undefined);
    await writeModel({
      dataset: params.dataset,
      params: { ...params, ...model.params },
      fusionValue: model.fusionValue ?? NaN,
      losses: training.losses,
      seconds: training.seconds,
      file,
    });
  } catch (error) {
    cannotKeep(error);
  }
}

/** The kept model, if it was trained on this set with the features now set. @returns whether it is in use */
export async function restoreModel(): Promise<boolean> {
  const kept = await readModel().catch(() => null);
  const state = getState();
  if (!kept || kept.dataset !== state.params.dataset) return false;
  const model = { source: 'trained' as const, params: kept.params, fusionValue: kept.fusionValue };
  if (featuresChanged({ ...state, model })) return false;
  try {
    await engine()!.loadModel(kept.file);
  } catch {
    // A file of an older version, say: the stored model or none serves instead.
    return false;
  }
  keepStoredMaps(new Map());
  patch('model', model);
  patch('training', { losses: kept.losses, seconds: kept.seconds });
  patch('scores', { status: getState().scores.status === 'none' ? 'none' : 'stale' });
  return true;
}
