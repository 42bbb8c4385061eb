// Choosing a backbone: one that is here is taken at once, any other opens the dialog that says what it costs.
import type { BackboneOffer } from '../../engine/api/types';
import { engine, unlessOver } from '../shell/engineLink';
import { readStored, writeStored } from '../shell/storage';
import { mayChange } from '../lesson/guardLesson';
import { STANDARD_HUB } from './weightsSlice';
import { getState, patch } from '../shell/store';
import { setParams } from '../settings/actions';

const HUB = 'hub';

/** Asks the engine anew what there is, what it costs at the present input size, and what is kept. */
export async function refreshOffers(wanted = getState().params.backbone): Promise<BackboneOffer[]> {
  const { inputSize, taps } = getState().params;
  const known = getState().weights;
  const { hub } = known;
  const [offers = known.offers, kept = known.kept] = await Promise.all([
    unlessOver(engine()?.backboneOffers({ inputSize, wanted, taps, hub })),
    unlessOver(engine()?.cachedWeights(undefined)),
  ]);
  patch('weights', { offers, kept });
  return offers;
}

/** Takes a backbone whose weights are here or kept, with the present taps if it has them; asks about any other. */
export async function chooseBackbone(id: string): Promise<void> {
  if (!mayChange('backbone')) return;
  if (await askForWeights(id)) return;
  const offer = getState().weights.offers.find((candidate) => candidate.id === id);
  setParams({ backbone: id, ...(offer && { taps: offer.taps }) });
}

/** Opens the dialog about weights that are not here. @returns false when there is nothing to ask */
export async function askForWeights(id: string): Promise<boolean> {
  const offer = (await refreshOffers(id)).find((candidate) => candidate.id === id);
  if (!offer || offer.source === 'here' || offer.source === 'kept') return false;
  // A download under way keeps its dialog.
  if (!getState().weights.download) patch('weights', { asked: offer, error: null });
  return true;
}

/** Sets where weights come from and remembers it; an empty or unusable address stands for the standard one. */
export function setHub(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : null;
  const usable = url && /^https?:$/.test(url.protocol);
  writeStored('local', HUB, usable ? address : null);
  patch('weights', { hub: usable ? address : STANDARD_HUB });
}

/** What an earlier visit set. */
export const restoreHub = () => setHub(readStored('local', HUB) ?? '');
