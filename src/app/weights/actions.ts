// Weights of another backbone: from a file on this machine, or downloaded when the user says so. On any failure the
// present backbone stays.
import type { FeatureReport } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { PARAMS } from '../../settings/table';
import { cancelComparison } from '../compare/control';
import { isComparing } from '../compare/events';
import { engine } from '../shell/engineLink';
import { EngineUnavailable } from '../shell/errors';
import { getState, patch } from '../shell/store';
import { feedEngine } from '../shell/feed';
import { complain, notify, say } from '../notices/actions';
import { refreshOffers } from './backboneChoice';
import { setParams, takeBackPreset } from '../settings/actions';
import { t } from '../languages/texts';

/**
 * Replaces the backbone by weights from a file; on refusal the present one stays. Where the tensors fit two
 * architectures and the file does not say which, one is taken and the other offered.
 * @param as architecture to take the file for
 */
export async function loadWeights(file: File, as?: string): Promise<void> {
  if (!engine()) return complain(unavailable());
  try {
    if (isComparing(getState())) await cancelComparison();
    patch('engine', { phase: t('Reading {name}', { name: file.name }) });
    const request = { name: file.name, bytes: await file.arrayBuffer(), ...(as && { as }) };
    const { alternatives, ...features } = await engine()!.loadBackbone(request);
    await adopt(features, features.backbone, file.name);
    alternatives.forEach((other) => offerOther(file, features.backbone, other));
  } catch (error) {
    patch('engine', { phase: null });
    // An open dialog hides the messages behind it.
    if (getState().weights.asked) patch('weights', { error: toReport(error) });
    else complain(error);
  }
}

function offerOther(file: File, taken: string, other: string): void {
  notify({
    tone: 'info',
    message: t('{name} fits {taken} and {other}; it was taken for {taken}.', {
      name: file.name,
      taken,
      other,
    }),
    remedy: t(
      'The file does not say which; the two pad images differently, and with the wrong one features come out shifted.',
    ),
    action: { label: t('Take it for {other}', { other }), run: () => void loadWeights(file, other) },
  });
}

/** Downloads what the dialog asks about: the only way in which this page fetches from another host. */
export async function downloadWeights(): Promise<void> {
  const { asked, hub } = getState().weights;
  if (!asked || !engine()) return;
  const { id, taps } = asked;
  if (isComparing(getState())) await cancelComparison();
  const download = { kind: 'download', id, phase: 'header', doneBytes: 0, totalBytes: null } as const;
  patch('weights', { download, error: null, fetchedFrom: new URL(hub).host });
  try {
    const features = await engine()!.downloadBackbone({ id, hub, taps });
    patch('weights', { download: null });
    await adopt(features, id, t('Downloaded'));
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
  const { features } = slice;
  if (!takeBackPreset())
    setParams({
      backbone: features?.backbone ?? PARAMS.backbone.default,
      taps: features?.taps ?? PARAMS.taps.default,
    });
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
  nameBackbone(id, features.taps);
  // Settings that had to wait for these weights can be had now, and images may not have been sent at all.
  await feedEngine();
  await refreshOffers();
  say(
    t('{origin}: {backbone}, {channels} channels.', {
      origin,
      backbone: features.backbone,
      channels: features.channels,
    }),
  );
}

/** Weights that are what the settings asked for, with a tag of their own, change nothing in the settings. */
function nameBackbone(loaded: string, taps: string): void {
  const wanted = getState().params.backbone;
  const answered = loaded === wanted || loaded.startsWith(`${wanted}.`);
  setParams({ backbone: answered ? wanted : loaded, taps });
}

function unavailable(): EngineUnavailable {
  const { error } = getState().engine;
  return new EngineUnavailable(error?.message ?? '', error?.remedy ?? t('Try again in a moment.'));
}
