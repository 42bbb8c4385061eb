// The user's own sets beside the one on screen come back from the chooser: those that left it in this visit, and those that
// the browser keeps of earlier ones.
import { feedEngine } from '../shell/feed';
import { getState, patch, setState } from '../shell/store';
import { setParam } from '../settings/actions';
import {
  bringBack,
  dropSet,
  keepSetAfterAll,
  keptSets,
  keyOf,
  OWN_TITLE,
  setPendingModel,
} from '../keeping/kept';
import { guardLesson } from '../lesson/guardLesson';
import { notify, offerUndo } from '../notices/actions';
import { shelved, type Shelved } from './shelf';
import { t } from '../languages/texts';
import { forget } from './pictures';
import { loadSet, startOwnSet } from './sets';
import { endVisit } from '../keeping/storageLock';

/** The images of the last visit, in place of what is on screen. */
export async function openKeptSet(): Promise<void> {
  endVisit();
  const [last] = await keptSets();
  if (last) await openOwnSet(keyOf(last));
}

/** Puts one of the user's sets on screen; the one that is there leaves. */
export async function openOwnSet(key: string): Promise<void> {
  if (getState().data.set.own?.key === key) return;
  const here = shelved.get(key);
  const kept = here ? null : ((await keptSets()).find((list) => keyOf(list) === key) ?? null);
  if (!here && !kept) {
    const title = getState().data.shelf.find((set) => set.key === key)?.title ?? OWN_TITLE;
    notify({ tone: 'info', message: t('{title} is not kept here any more.', { title }), lifetime: 8000 });
    return offShelf(key);
  }
  patch('link', { wanted: null });
  await startOwnSet();
  offShelf(key);
  if (here) return show(here);
  // Its images are kept under this name alone; settings come with them.
  if (kept!.params) setState({ params: { ...kept!.params, dataset: kept!.dataset } });
  await bringBack(kept!);
  await feedEngine();
}

async function show({
  title,
  own,
  images,
  order,
  selected,
  readings,
  params,
  model,
}: Shelved): Promise<void> {
  shelved.delete(own.key);
  setState({ params });
  setParam('dataset', own.dataset);
  // The engine has forgotten them.
  const unsent = Object.entries(images).map(([id, record]) => [id, { ...record, status: 'listed' as const }]);
  patch('data', {
    set: { id: 'own', title, sentence: '', own },
    ...{ images: Object.fromEntries(unsent), order, selected, readings },
  });
  if (model) setPendingModel(model);
  await feedEngine();
}

function offShelf(key: string): void {
  patch('data', { shelf: getState().data.shelf.filter((set) => set.key !== key) });
}

/** Takes the set on screen out for good; for a while the user can have it back. */
export async function removeOwnSet(): Promise<void> {
  const { set, shelf, sets } = getState().data;
  if (!set.own || !guardLesson('data')) return;
  const { key } = set.own;
  const next = shelf.at(-1)?.key;
  const bundled = sets[0]?.id;
  if (next !== undefined) await openOwnSet(next);
  else if (bundled === undefined) await startOwnSet();
  else {
    setParam('dataset', bundled);
    await loadSet(bundled, null);
  }
  offShelf(key);
  const going = shelved.get(key);
  const forgetting = setTimeout(() => {
    shelved.delete(key);
    going?.order.forEach(forget);
    void dropSet(key);
  }, FORGET_AFTER_MS);
  offerUndo(t('Removed {title}.', { title: t(set.title) }), () => {
    clearTimeout(forgetting);
    keepSetAfterAll(key);
    void openOwnSet(key);
  });
}

// A little longer than the offer to undo stands.
const FORGET_AFTER_MS = 12_000;
