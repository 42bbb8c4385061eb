// Starts the engine after the first paint, and again when the user asks after a loss. In development `?mock` takes
// the fake one; a production build does not contain it.
import type { Engine } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { feedEngine } from './feed';
import { offerToResume } from '../keeping/keptRun';
import { complain, notify } from '../notices/actions';
import { resumeRun } from '../training/actions';
import { afterEvent } from './afterEvent';
import { forgetOwn, ownModelFile } from '../compare/ownModel';
import { restash } from '../compare/stashed';
import { rescore } from '../scores/actions';
import { connectEngine, disconnectEngine, engine } from './engineLink';
import { refreshView } from '../stage/liveLoop';
import { markAllUnsent, stopSending } from '../images/uploadQueue';
import { initialModel } from '../training/trainingSlice';
import { isTraining } from './selectors';
import { getState, patch } from './store';
import { t } from '../languages/texts';

/** So many losses of the device within ten minutes, and the processor takes over. */
const UNSTEADY_FROM = 3;

async function create(): Promise<Engine> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('mock')) {
    const { createMockEngine } = await import('../../testing/mockEngine');
    return createMockEngine(new URLSearchParams(location.search).get('mock') ?? '');
  }
  const { createEngineClient } = await import('../../engine/api/client');
  return createEngineClient();
}

/**
 * Opens the engine and gives it what is on screen. A failure leaves the page usable and says what is missing.
 * @param model file of the trained model that the engine before this one had
 * @param without `gpu`: on the processor, whatever adapter there is
 */
export async function startEngine(model: ArrayBuffer | null = null, without?: 'gpu'): Promise<void> {
  patch('engine', {
    status: 'opening',
    features: null,
    error: null,
    silent: false,
    phase: t('Looking for a graphics adapter'),
  });
  try {
    connectEngine(await create(), (event) => {
      if (event.kind === 'lost' && event.recent >= UNSTEADY_FROM) void goOnWithoutGpu();
      else afterEvent(event);
    });
    const adapter = await engine()!.open({ probe: true, hub: getState().weights.hub, without });
    const { generation } = getState().engine;
    patch('engine', { status: 'ready', adapter, phase: null, generation: generation + 1 });
  } catch (error) {
    disconnectEngine();
    patch('engine', { status: 'unavailable', error: toReport(error), phase: null });
    return;
  }
  if (model) await engine()!.loadModel(model).catch(complain);
  await feedEngine().catch(complain);
}

/**
 * After a loss that did not heal, or a silence that lasts: a new engine, and everything on screen goes into it again. Scores
 * that the one before did not come to are computed then.
 */
export async function restartEngine(without?: 'gpu'): Promise<void> {
  if (getState().engine.status === 'opening') return;
  patch('engine', {
    status: 'opening',
    error: null,
    phase: t('Starting the engine again'),
    extracting: null,
  });
  stopSending();
  const trained = getState().model.source === 'trained';
  const model = trained ? await ownModelFile(getState()) : null;
  forgetOwn();
  patch('compare', { stashed: [] });
  if (trained && !model) patch('model', initialModel());
  await engine()
    ?.close(undefined)
    .catch(() => undefined);
  disconnectEngine();
  patch('view', { painted: null });
  markAllUnsent();
  await startEngine(model, without);
  await restash();
  if (getState().scores.status === 'stale') await rescore();
}

/** The engine starts anew on the processor, where a training that was under way goes on from its last checkpoint. */
async function goOnWithoutGpu(): Promise<void> {
  const training = isTraining(getState());
  // The engine that is closed under it says nothing more of it.
  if (training) patch('training', { status: 'failed' });
  await restartEngine('gpu');
  if (getState().engine.status !== 'ready') return;
  notify({
    tone: 'info',
    message: t('The graphics device was lost again and again. From now on the processor computes.'),
    remedy: t('Reload the page to try the graphics device again.'),
    lifetime: 20_000,
  });
  if (!training) return;
  await offerToResume();
  if (getState().kept.resumable) await resumeRun();
}

/** Hands the overlay's canvas to the engine, which paints it. A canvas can be handed over only once. */
export async function attachCanvas(canvas: HTMLCanvasElement): Promise<void> {
  await engine()?.attachCanvas(canvas.transferControlToOffscreen()).catch(complain);
  // Another layout brings another canvas, and that is still empty.
  refreshView();
}
