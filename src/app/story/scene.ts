// Sets a step's scene on the page itself: images, settings, line, training. What a lesson locks for its readers its own
// steps may change.
import type { Scene } from '../../settings/story';
import { consistent } from '../../settings/values';
import { chooseSet } from '../images/sets';
import { imagesOf, isOwnSet, isTraining } from '../shell/selectors';
import { getState, patch, setState, useApp } from '../shell/store';
import { selectImage } from '../stage/actions';
import { begin, pause, resume } from '../training/actions';
import { stageDone } from './readings';
import { msg, t } from '../languages/texts';

/**
 * Sets the scene. @returns what could not be had, in a sentence; null when all of it is there. A training goes on after
 * that.
 */
export async function play(scene: Scene): Promise<string | null> {
  const problem = await bringSet(scene.data);
  if (problem) return problem;
  const missing = showImage(scene.image);
  setState({ params: consistent({ ...getState().params, ...scene.set }) });
  if (scene.line !== null) patch('view', { threshold: scene.line === 'suggested' ? null : scene.line });
  if (scene.train !== null) void train(scene.train);
  return missing;
}

/** Brings a bundled set on screen, unless images of the visitor's own would have to leave for it. */
async function bringSet(id: string): Promise<string | null> {
  const { params, data } = getState();
  if (id === '' || id === params.dataset) return null;
  const title = data.sets.find((set) => set.id === id)?.title;
  if (title === undefined)
    return t(
      'This step needs the images “{id}”, which this page does not have: go on with those on screen.',
      { id },
    );
  if (isOwnSet(params))
    return t('This step is about “{title}”: choose it at the top to follow, or go on with your own images.', {
      title: t(title),
    });
  await chooseSet(id);
  return null;
}

function showImage(wanted: string): string | null {
  if (wanted === '') return null;
  const { data } = getState();
  const [train, test] = [imagesOf(data, 'train'), imagesOf(data, 'test')];
  const clear = data.initial === null ? undefined : data.images[data.initial];
  const named = {
    normal: test.find(({ label }) => label === 0) ?? train.find(({ label }) => label !== 1),
    defect: clear?.label === 1 ? clear : test.find(({ label }) => label === 1),
    training: train[0],
  };
  const image = Object.hasOwn(named, wanted)
    ? named[wanted as keyof typeof named]
    : Object.values(data.images).find(({ name }) => name === wanted);
  if (image) selectImage(image.id);
  return image
    ? null
    : t('There is no {what} here: choose one yourself.', {
        what: MISSING[wanted] ? t(MISSING[wanted]) : t('image “{wanted}”', { wanted }),
      });
}

const MISSING: Record<string, string> = {
  normal: msg('normal image'),
  defect: msg('image labelled as a defect'),
  training: msg('training image'),
};

/** Of the scene that is on: an earlier one's training is not held any more. */
let scenes = 0;

/** Trains to the end of a stage: of the first it is held there, for the next step to go on from. */
async function train(stage: 1 | 2): Promise<void> {
  const mine = ++scenes;
  await engineReady();
  if (mine !== scenes) return;
  const { training } = getState();
  if (training.status === 'paused') void resume();
  else if (!isTraining(getState()) && !(stage === 2 && training.status === 'finished')) void begin();
  if (stage === 1) holdAfterFirst(() => mine === scenes);
}

function holdAfterFirst(wanted: () => boolean): void {
  const stop = useApp.subscribe((state) => {
    const over = !isTraining(state) && state.training.status !== 'idle';
    if (!wanted() || over) return stop();
    if (state.training.status !== 'running' || stageDone(state, 1) < 1) return;
    stop();
    void pause();
  });
}

/** Resolves when the engine can train; of one that cannot, `begin` says why. */
function engineReady(): Promise<void> {
  const settled = () => !['idle', 'opening'].includes(getState().engine.status);
  if (settled()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = useApp.subscribe(() => {
      if (!settled()) return;
      stop();
      resolve();
    });
  });
}
