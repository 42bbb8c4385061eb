// Brings the engine to where the page is: feature settings, the stored model if it fits, all images. Called when
// the engine opens, when the set changes, and when feature settings change.
import { toReport } from '../../lib/errors';
import { engine } from './engineLink';
import { fetchStoredModel } from '../images/demoSet';
import { featuresChanged } from './selectors';
import { sendImages } from '../images/uploadQueue';
import { getState, patch } from './store';
import { restoreModel } from '../keeping/kept';
import { offerToResume } from '../keeping/keptRun';
import { complain } from '../notices/actions';
import { askForWeights } from '../weights/backboneChoice';
import { rescore, rescoreWhereMissing } from '../scores/actions';

/** Feedings so far. What an earlier one still waits for, a slow download say, comes too late and is dropped. */
let feedings = 0;

/** What is being fed belongs to what leaves the screen: the next feeding does all. */
export const abandonFeeding = (): void => void feedings++;

/**
 * Configures, loads the model of the last visit or the stored one, sends the images, scores what has no score yet.
 * When the page moves on meanwhile (a session is opened), the next feeding does the rest.
 */
export async function feedEngine(): Promise<void> {
  const mine = ++feedings;
  const outdated = () => mine !== feedings;
  if (!(await configure()) || outdated()) return;
  const restored = await restoreModel(outdated);
  if (!restored && !outdated()) await loadStoredModel();
  if (outdated()) return;
  await sendImages();
  if (outdated()) return;
  await offerToResume();
  await (restored ? rescore() : rescoreWhereMissing());
}

/**
 * Tells the engine the parameters on screen, and puts a backbone or taps right that cannot be. False when it refused them;
 * the page then says why.
 */
export async function configure(): Promise<boolean> {
  const { engine: slice, params } = getState();
  if (slice.status !== 'ready' || !engine()) return false;
  try {
    const features = await engine()!.configure(params);
    patch('engine', { features });
    return true;
  } catch (error) {
    const report = toReport(error);
    const missing = report.name === 'BackboneNotHere';
    if (missing && (await askForWeights(params.backbone).catch(() => false))) return false;
    const { repairSettings } = await import('../settings/repair');
    // Other settings have come meanwhile: what was refused is not theirs.
    if (getState().params === params && repairSettings(report)) return configure();
    complain(error);
    return false;
  }
}

/** The grids of the stored run, when they belong to the features now set. */
export async function loadStoredModel(): Promise<void> {
  const feeding = feedings;
  const { set } = getState().data;
  const wanted = () => {
    const state = getState();
    const stored = state.model.source === 'stored' && state.data.set.id === set.id;
    return feeding === feedings && stored && !featuresChanged(state);
  };
  if (!wanted()) return;
  try {
    const file = await fetchStoredModel(set.id);
    if (wanted()) await engine()!.loadModel(file);
  } catch (error) {
    complain(error);
  }
}
