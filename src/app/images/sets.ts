// Changing what data is on screen: a bundled set with its stored result, or an empty set of the user's own.
import type { DemoManifest } from '../../lib/datasets/demo';
import type { ImageId } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { cancelComparison } from '../compare/control';
import { forgetStashed } from '../compare/stashed';
import { demoUrl, fetchResult, fetchSet, fetchSets, type StoredResult } from './demoSet';
import { engine } from '../shell/engineLink';
import { mayUse } from '../lesson/guardLesson';
import { forget, holdBundled } from './pictures';
import { isOwnSet } from '../shell/selectors';
import { stopSending } from './uploadQueue';
import { initialCompare } from '../compare/compareSlice';
import { initialData, listed, type ImageRecord } from './dataSlice';
import { initialScores } from '../scores/scoresSlice';
import { initialModel, initialTraining } from '../training/trainingSlice';
import { keepStoredMaps } from '../keeping/storedMaps';
import { getState, patch, setState } from '../shell/store';
import { feedEngine } from '../shell/feed';
import { OWN_TITLE, restoreOwnImages } from '../keeping/kept';
import { setParam } from '../settings/actions';
import { cancelRun } from '../training/actions';

export const imageId = (set: string, path: string): ImageId => `${set}/${path}`;

/** Fills the chooser. Without the list there is still the set that the parameters name. */
export async function loadSetList(): Promise<void> {
  patch('data', { sets: await fetchSets().catch(() => []) });
}

/** Switches to a bundled set by hand. */
export async function chooseSet(id: string): Promise<void> {
  if (id === getState().params.dataset || !mayUse('chooser')) return;
  patch('link', { wanted: null });
  setParam('dataset', id);
  await loadSet(id, null);
}

/**
 * Shows a bundled set: its images, and its stored result if it has one. What was on screen leaves.
 * @param image path of the image to select; null for the set's own choice
 */
export async function loadSet(id: string, image: string | null): Promise<void> {
  await clearSet();
  patch('data', { status: 'loading', set: { id, title: titleOf(id), sentence: '' } });
  try {
    const set = await fetchSet(id);
    const stored = await fetchResult(id).catch(() => null);
    // Another set was chosen meanwhile.
    if (getState().data.set.id !== id) return;
    if (stored) showResult(set, stored.result, stored.maps);
    showImages(set, image, stored?.result ?? null);
  } catch (error) {
    if (getState().data.set.id === id) patch('data', { status: 'failed', error: toReport(error) });
    return;
  }
  await feedEngine();
}

const titleOf = (id: string) => getState().data.sets.find((set) => set.id === id)?.title ?? id;

/**
 * Starts an empty set of the user's own; what was on screen leaves, and stays in the chooser.
 * @param options.keep false: a set of the user's own that is on screen goes for good
 */
export async function startOwnSet({ title = OWN_TITLE, keep = true } = {}): Promise<void> {
  await clearSet(keep);
  setParam('dataset', 'own');
  showOwnSet(title);
}

// Sets of earlier visits come back with their keys: new ones must differ.
let nextKey = Date.now();

function showOwnSet(title = OWN_TITLE): void {
  const own = { key: `${nextKey++}`, dataset: 'own' };
  patch('data', { status: 'ready', set: { id: 'own', title, sentence: '', own } });
}

/** The set of the user's own that is on screen has another name: it has other images. */
export function nameOwn(dataset: string): void {
  const { set } = getState().data;
  if (set.own) patch('data', { set: { ...set, own: { ...set.own, dataset } } });
  setParam('dataset', dataset);
}

/** Takes everything off the screen and out of the engine that belongs to the present set. */
async function clearSet(keep = true): Promise<void> {
  const own = getState().data.set.id === 'own' && getState().data.order.length > 0;
  if (own) await (await import('./shelf')).leaveOwnSet(keep);
  const { data, view, compare } = getState();
  // At start there is nothing to clear, and what the link has set by hand must stay.
  if (data.set.id === '') return;
  cancelRun();
  await cancelComparison();
  stopSending();
  const ids = data.order;
  keepStoredMaps(new Map());
  patch('kept', { resumable: null });
  patch('largeLoad', { readable: false });
  setState({
    data: { ...initialData(), sets: data.sets, shelf: data.shelf },
    scores: initialScores(),
    training: initialTraining(),
    model: initialModel(),
    compare: { ...initialCompare(), choice: compare.choice },
    view: { ...view, painted: null, reading: null, threshold: null, fusionValue: null, brush: [] },
  });
  if (!own || !keep) ids.forEach(forget);
  await forgetStashed(compare.stashed);
  await engine()
    ?.removeImages(ids)
    .catch(() => undefined);
}

function showImages(set: DemoManifest, wanted: string | null, result: StoredResult | null): void {
  const records = set.images.map((image): ImageRecord => {
    const id = imageId(set.id, image.path);
    holdBundled(id, demoUrl(set.id, image.path), image.mask === null ? null : demoUrl(set.id, image.mask));
    const { split, label, type, path: name } = image;
    return listed({ id, name, split, label, type, own: false });
  });
  const initial = suggestImage(set, result);
  const known = records.some(({ name }) => name === wanted);
  patch('data', {
    status: 'ready',
    error: null,
    set: { id: set.id, title: set.title, sentence: set.sentence },
    images: Object.fromEntries(records.map((record) => [record.id, record])),
    order: records.map(({ id }) => id),
    initial: initial === null ? null : imageId(set.id, initial),
    selected: known ? imageId(set.id, wanted!) : initial === null ? null : imageId(set.id, initial),
  });
}

/** A defect that the stored run found clearly; without one, any defect, else the first image. */
function suggestImage(set: DemoManifest, result: StoredResult | null): string | null {
  const defects = set.images.filter(({ split, label }) => split === 'test' && label === 1);
  const score = ({ path }: { path: string }) => result?.scores[path] ?? 0;
  const best = defects.toSorted((a, b) => score(b) - score(a))[0];
  return (best ?? set.images[0])?.path ?? null;
}

function showResult(set: DemoManifest, result: StoredResult, maps: Map<string, Float32Array>): void {
  const { width, height } = result;
  const byId = new Map([...maps].map(([path, values]) => [imageId(set.id, path), { width, height, values }]));
  keepStoredMaps(byId);
  const scores = Object.entries(result.scores).map(
    ([path, score]) => [imageId(set.id, path), score] as const,
  );
  patch('scores', {
    status: 'stored',
    byId: Object.fromEntries(scores),
    metrics: result.metrics,
    ranges: result.ranges,
    fromLabels: { value: result.threshold, source: 'labelled test images' },
    suggested: { value: result.threshold, source: 'labelled test images' },
  });
  patch('training', { losses: result.losses });
  patch('model', { source: 'stored', params: result.config, fusionValue: result.fusionValue });
}

/** Reads the set that the parameters name: at start, and when a link is pasted. */
export async function loadNamedSet(image: string | null): Promise<void> {
  const { params } = getState();
  if (!isOwnSet(params)) return loadSet(params.dataset, image);
  showOwnSet();
  if (await restoreOwnImages()) patch('link', { wanted: null });
}
