// Weights of another backbone: from a file on this machine, or downloaded when the user says so. On any failure the
// present backbone stays.
import type { FeatureReport } from '../../engine/types';
import { toReport } from '../../errors';
import { PARAMS } from '../../params/table';
import { engine } from '../engineLink';
import { EngineUnavailable } from '../errors';
import { getState, patch } from '../store';
import { feedEngine } from './feed';
import { complain, say } from './notices';
import { refreshOffers } from './offers';
import { setParam } from './params';

/** Replaces the backbone by weights from a file; on refusal the present one stays. */
export async function loadWeights(file: File): Promise<void> {
  if (!engine()) return complain(unavailable());
  try {
    patch('engine', { phase: `Reading ${file.name}` });
    const features = await engine()!.loadBackbone({ name: file.name, bytes: await file.arrayBuffer() });
    await adopt(features, features.backbone, file.name);
  } catch (error) {
    patch('engine', { phase: null });
    // An open dialog hides the messages behind it.
    if (getState().weights.asked) patch('weights', { error: toReport(error) });
    else complain(error);
  }
}

/** Downloads what the dialog asks about: the only way in which this page fetches from another host. */
export async function downloadWeights(): Promise<void> {
  const { asked, hub } = getState().weights;
  if (!asked || !engine()) return;
  const { id } = asked;
  const download = { kind: 'download', id, phase: 'header', doneBytes: 0, totalBytes: null } as const;
  patch('weights', { download, error: null, fetchedFrom: new URL(hub).host });
  try {
    const features = await engine()!.downloadBackbone({ id, hub });
    patch('weights', { download: null });
    await adopt(features, id, 'Downloaded');
  } catch (error) {
    const report = toReport(error);
    patch('weights', { download: null, error: report.name === 'DownloadCancelled' ? null : report });
  }
}

export const cancelDownload = () => void engine()?.cancelDownload(undefined).catch(complain);

/** Closes the dialog without weights: settings that asked for them go back to the backbone at work. */
export async function declineWeights(): Promise<void> {
  const { weights, params, engine: slice } = getState();
  patch('weights', { asked: null, error: null });
  if (weights.asked?.id !== params.backbone) return;
  setParam('backbone', slice.features?.backbone ?? PARAMS.backbone.default);
  await feedEngine();
}

/** Deletes all downloaded weights from the browser's storage; the backbone at work stays. */
export async function clearWeights(): Promise<void> {
  await engine()?.clearWeights(undefined).catch(complain);
  await refreshOffers();
}

/** The engine works with other weights: names them in the settings and brings everything else up to them. */
async function adopt(features: FeatureReport, id: string, origin: string): Promise<void> {
  patch('engine', { features, phase: null });
  patch('weights', { asked: null, error: null });
  nameBackbone(id);
  // Settings that had to wait for these weights can be had now, and images may not have been sent at all.
  await feedEngine();
  await refreshOffers();
  say(`${origin}: ${features.backbone}, ${features.channels} channels.`);
}

/** Weights that are what the settings asked for, with a tag of their own, change nothing in the settings. */
function nameBackbone(loaded: string): void {
  const wanted = getState().params.backbone;
  if (loaded !== wanted && !loaded.startsWith(`${wanted}.`)) setParam('backbone', loaded);
}

function unavailable(): EngineUnavailable {
  const { error } = getState().engine;
  return new EngineUnavailable(error?.message ?? '', error?.remedy ?? 'Try again in a moment.');
}
