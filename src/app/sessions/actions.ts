// Sessions on the page: everything on screen into one file, and such a file onto the screen. Opening checks the whole
// file first; until then, and whenever it is refused, nothing on screen changes. Loaded when the first one comes.
import type { StageProgress } from '../../engine/api/types';
import { PARAM_NAMES, PARAMS, type Params } from '../../settings/table';
import { readSession, type Session } from '../../session/read';
import type { SessionRun } from '../../session/types';
import { cancelComparison } from '../compare/control';
import { engine } from '../shell/engineLink';
import { guardLesson } from '../lesson/guardLesson';
import { holdOwn } from '../images/pictures';
import { download } from '../shell/download';
import { isOwnSet, isTraining } from '../shell/selectors';
import { contentsOf, digestsOf, fileNameOf, pieces, type Pieces } from './sessionContents';
import { listed } from '../images/dataSlice';
import { getState, patch, setState, useApp } from '../shell/store';
import { abandonFeeding, feedEngine } from '../shell/feed';
import { setPendingModel } from '../keeping/kept';
import { setPendingRun } from '../keeping/keptRun';
import { complain, notify, say } from '../notices/actions';
import { loadSet, nameOwn, startOwnSet } from '../images/sets';
import { cancelRun } from '../training/actions';
import { selectImage } from '../stage/actions';
import { t } from '../languages/texts';

/** What a session of the present state would hold, for a look at its size before it is saved. */
export { pieces, type Pieces };

/** Downloads the session. @returns whether it was written */
export async function saveSession(withImages: boolean): Promise<boolean> {
  try {
    const { writeSession } = await import('../../session/write');
    const session = await writeSession(await contentsOf(await pieces(), withImages));
    download(session, fileNameOf(getState().params));
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** A session with the files of its images, all of them checked. */
interface Opened {
  name: string;
  session: Session;
  /** By index; empty when the session brings no images. */
  files: { file: File; maskFile: File | null }[];
}

/** Opens a dropped or chosen session; asks first when it would replace work of the visitor's own. */
export async function openSession(file: File): Promise<void> {
  if (!guardLesson('session')) return;
  try {
    const opened = await check(file);
    if (!replacesWork(opened)) return await show(opened);
    const count = getState().data.order.length;
    notify({
      tone: 'info',
      message: t('Opening {name} replaces what is on screen{what}.', {
        name: file.name,
        what: isOwnSet(getState().params)
          ? t(': your {count} images and their model', { count })
          : t(' and ends the training'),
      }),
      remedy: t('Save a session of it first if you may want it back.'),
      action: { label: t('Open it'), run: () => void show(opened).catch(complain) },
    });
  } catch (error) {
    complain(error);
  }
}

async function check(file: File): Promise<Opened> {
  patch('engine', { phase: t('Reading {name}', { name: file.name }) });
  try {
    const session = await readSession(file, file.name);
    const { imageAt, info } = session;
    const files: Opened['files'] = [];
    for (const [index, { name }] of info.data.images.entries()) {
      if (!imageAt) break;
      const { image, mask } = await imageAt(index);
      files.push({ file: named(image, name), maskFile: mask && named(mask, `mask of ${name}`) });
    }
    return { name: file.name, session, files };
  } finally {
    patch('engine', { phase: null });
  }
}

const named = (blob: Blob, path: string) => new File([blob], path.split('/').at(-1)!);

/** A model alone goes to the images that are here; everything else takes their place. */
const keepsImages = ({ session: { info }, files }: Opened): boolean =>
  files.length === 0 && !isBundled(info.data.dataset) && isOwnSet(getState().params);

const isBundled = (dataset: string): boolean => getState().data.sets.some(({ id }) => id === dataset);

function replacesWork(opened: Opened): boolean {
  const { params, data } = getState();
  if (isTraining(getState())) return true;
  return isOwnSet(params) && data.order.length > 0 && !keepsImages(opened);
}

async function show(opened: Opened): Promise<void> {
  const { name, session } = opened;
  // The engine judges the weights first: a model that it refuses must cost nothing.
  if (session.weights && (await engineIsThere())) await engine()!.loadModel(session.weights.slice(0));
  const staying = keepsImages(opened);
  cancelRun();
  await cancelComparison();
  if (isBundled(session.info.data.dataset)) await showBundled(session);
  else await showOwn(opened, staying);
  say(t('Opened {name}.', { name }));
  if (opened.files.length === 0 && isOwnSet(getState().params)) await sayWhatFits(session);
}

/** Waits for an engine that is still starting. Without one, the model waits for the next. */
async function engineIsThere(): Promise<boolean> {
  const settled = () => !['idle', 'opening'].includes(getState().engine.status);
  if (!settled()) {
    await new Promise<void>((resolve) => {
      const stop = useApp.subscribe(() => {
        if (settled()) resolve(stop());
      });
    });
  }
  return getState().engine.status === 'ready';
}

async function showBundled(session: Session): Promise<void> {
  const { dataset } = session.info.data;
  handOver(session, dataset);
  const { view } = session.info;
  // Its name is the image's path below the set's.
  await loadSet(dataset, view.image?.slice(dataset.length + 1) ?? null);
  showView(session);
}

async function showOwn({ session, files }: Opened, staying: boolean): Promise<void> {
  // It was said before that they go.
  if (!staying) await startOwnSet({ keep: false });
  const { info } = session;
  const dataset = staying || files.length === 0 ? getState().params.dataset : info.data.dataset;
  // The same images may stand aside in a set of their own, which keeps their names.
  const { isShelved } = await import('../images/shelf');
  handOver(session, dataset);
  nameOwn(dataset);
  const again = Date.now();
  const idOf = (id: string) => (isShelved(id) ? `${id}#${again}` : id);
  if (files.length > 0) list(session, files, idOf);
  showView(session, idOf);
  await feedEngine();
}

/** Settings at once; model and unfinished run to where the engine's feeding looks for them. */
function handOver({ info, weights, checkpoint }: Session, dataset: string): void {
  const { model, run } = info;
  // A feeding under way would take them, for images that are about to go.
  abandonFeeding();
  // A model answers for the features it was trained on, whatever was set after.
  setState({ params: { ...info.params, ...(model && featuresOf(model.params)), dataset } });
  setPendingModel(
    model &&
      weights && {
        dataset,
        params: { ...model.params, dataset },
        fusionValue: model.fusionValue,
        losses: model.losses,
        seconds: model.seconds,
        file: weights,
      },
  );
  setPendingRun(
    run && {
      dataset,
      params: { ...run.params, dataset },
      progress: whereItStood(run),
      losses: run.losses,
    },
    checkpoint,
  );
}

const featuresOf = (params: Params): Partial<Params> =>
  Object.fromEntries(
    PARAM_NAMES.filter((name) => PARAMS[name].group === 'features').map((name) => [name, params[name]]),
  );

/** Epochs are told by the engine once the run goes on. */
const whereItStood = ({ step, steps, losses }: SessionRun): StageProgress => ({
  stage: losses[2].length > 0 ? 2 : 1,
  epoch: 1,
  epochs: 1,
  ...{ step, steps },
  loss: losses[2].at(-1) ?? losses[1].at(-1) ?? NaN,
  secondsLeft: null,
});

function list({ info }: Session, files: Opened['files'], idOf: (id: string) => string): void {
  const records = info.data.images.map(({ id: named, name, split, label, type }, index) => {
    const { file, maskFile } = files[index]!;
    const id = idOf(named);
    holdOwn(id, file, maskFile);
    return listed({ id, name, split, label, type, own: true });
  });
  patch('data', {
    images: Object.fromEntries(records.map((record) => [record.id, record])),
    order: records.map(({ id }) => id),
    readings: info.data.reading ? [info.data.reading] : [],
  });
  selectImage((records.find(({ split }) => split === 'test') ?? records[0])?.id ?? null);
}

function showView({ info: { model, view } }: Session, idOf = (id: string) => id): void {
  const { images } = getState().data;
  const image = view.image === null ? null : idOf(view.image);
  if (image !== null && images[image]) selectImage(image);
  // Without labelled images here there is nothing that a line could be suggested from.
  const byHand = model?.threshold?.source === 'set by hand' || Object.keys(images).length === 0;
  patch('view', {
    fusionValue: view.fusionValue,
    threshold: byHand ? (model?.threshold?.value ?? null) : null,
  });
}

/** For a session that names its images and does not bring them. */
async function sayWhatFits({ info: { data } }: Session): Promise<void> {
  const { order } = getState().data;
  const here = await digestsOf(order);
  const found = data.images.filter(({ sha256 }) => sha256 !== null && here.has(sha256)).length;
  const message =
    order.length === 0
      ? t('The session names {images} images and does not bring them: add yours.', {
          images: data.images.length,
        })
      : t('Of the session’s {images} images, {found} are here.', { images: data.images.length, found });
  if (data.images.length > 0) notify({ tone: 'info', message, lifetime: 15_000 });
}
