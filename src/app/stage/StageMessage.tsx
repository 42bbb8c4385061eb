// What to say when the stage has no map to show: why, and the one thing to do next. Never a blank area.
import { loadSet } from '../images/sets';
import { setParam, setParams } from '../settings/actions';
import { start } from '../training/actions';
import { isBaseline, looksAtPixels } from '../../settings/methods';
import type { AppState } from '../shell/appState';
import { featuresChanged, imagesOf, isTraining, liveOnScreen, mapInUse } from '../shell/selectors';
import { storedMap } from '../keeping/storedMaps';
import { getState, useApp } from '../shell/store';
import { said, t } from '../languages/texts';

interface Message {
  text: string;
  action?: { label: string; run: () => void };
}

export function StageMessage() {
  const kind = useApp(messageKind);
  const set = useApp((state) => state.data.set);
  const error = useApp((state) => state.data.error);
  if (kind === null) return null;
  const { text, action } = MESSAGES[kind](set, error?.message ?? '', error?.remedy ?? '');
  return (
    <div className={`stage-message ${kind}`} role="status">
      <p>{text}</p>
      {action && (
        <button type="button" className="button primary" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

type Kind =
  | 'loading'
  | 'failed'
  | 'empty'
  | 'shared-own'
  | 'no-training'
  | 'untrained'
  | 'features'
  | 'needs-engine'
  | 'no-branch'
  | 'first'
  | 'fitting';

function messageKind(state: AppState): Kind | null {
  const { data, model, params, engine, view } = state;
  if (data.status === 'loading') return 'loading';
  if (data.status === 'failed') return 'failed';
  if (data.order.length === 0) return params.dataset.startsWith('own-') ? 'shared-own' : 'empty';
  const training = isTraining(state);
  // The overlay of the features before may still be there, but it answers nothing any more.
  if (engine.status === 'ready' && !training && featuresChanged(state)) return 'features';
  if (liveOnScreen(state)) return null;
  if (training) return isBaseline((state.training.startedWith ?? params).method) ? 'fitting' : 'first';
  if (model.source === 'none') return imagesOf(data, 'train').length === 0 ? 'no-training' : 'untrained';
  const hasStored = storedMap(data.selected) !== null && mapInUse(state) === 'fused' && !params.fbpOn;
  if (!hasStored && (engine.status === 'unavailable' || engine.status === 'lost')) return 'needs-engine';
  return engine.status === 'ready' && view.painted?.image === data.selected ? 'no-branch' : null;
}

const MESSAGES: Record<
  Kind,
  (set: { id: string; title: string }, message: string, remedy: string) => Message
> = {
  loading: ({ title }) => ({ text: t('Loading {title}', { title: title ? t(title) : t('the images') }) }),
  failed: ({ id }, message, remedy) => ({
    text: `${said(message)} ${said(remedy)}`,
    action: { label: t('Try again'), run: () => void loadSet(id, null) },
  }),
  empty: () => ({
    text: t('No images yet. Drop photos of good parts anywhere on this page, 20 to 50 for a first try.'),
  }),
  'shared-own': () => ({
    text: t(
      'This link was made with someone’s own images, which never leave their machine. Drop yours to go on with its settings.',
    ),
  }),
  'no-training': () => ({
    text: t('Add normal images to the training side: the model learns from those what is usual.'),
  }),
  untrained: () => ({
    text: t('No model for these images yet.'),
    action: { label: t('Train'), run: () => void start() },
  }),
  features: () => ({
    text: t('The model in use does not know these features. Train again, or go back.'),
    action: { label: t('Go back'), run: resetFeatures },
  }),
  'needs-engine': () => ({
    text: t('The stored result has the fused map only. Live maps and pasted blocks need WebGPU.'),
    action: { label: t('Show the stored map'), run: showStored },
  }),
  'no-branch': () => ({ text: t('This method has no such branch. Choose another map.') }),
  first: () => ({ text: t('Warming up: the first step compiles the kernels.') }),
  fitting: () => ({ text: t('This method is fitted in one go; its map appears at the end.') }),
};

/** The feature settings that the model in use was trained with. */
function resetFeatures(): void {
  const { params, model } = getState();
  const { backbone, taps, inputSize, inputHeight, fit, tile, overlap, project, method } = {
    ...params,
    ...model.params,
  };
  // Pixels and features are two kinds of input: only the method itself leads back.
  const back = looksAtPixels(method) === looksAtPixels(params.method) ? {} : { method };
  setParams({ backbone, taps, inputSize, inputHeight, fit, tile, overlap, project, ...back });
}

function showStored(): void {
  setParam('map', 'fused');
  setParam('fbpOn', false);
}
