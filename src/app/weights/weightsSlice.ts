// Backbones that can be chosen, the one whose weights are asked for, and its download.
import type { BackboneOffer, EngineEvent, KeptWeights } from '../../engine/api/types';
import type { ErrorReport } from '../../lib/errors';

/** The Hub, or the mirror this page was built for. */
export const STANDARD_HUB = import.meta.env.GRAD_HUB || 'https://huggingface.co';

export interface WeightsSlice {
  /** The family with its costs at the present input size; empty until the engine is there. */
  offers: BackboneOffer[];
  /** What the dialog is about; null while it is closed. Nothing is fetched before its button is pressed. */
  asked: BackboneOffer | null;
  /** The download under way, if there is one. */
  download: Extract<EngineEvent, { kind: 'download' }> | null;
  /** Why the last attempt failed. */
  error: ErrorReport | null;
  /** What earlier downloads left in the browser's storage. */
  kept: KeptWeights[];
  /** Base URL that weights come from. */
  hub: string;
  /** Host that weights were requested from in this visit, if any. */
  fetchedFrom: string | null;
}

export const initialWeights = (): WeightsSlice => ({
  offers: [],
  asked: null,
  download: null,
  error: null,
  kept: [],
  hub: STANDARD_HUB,
  fetchedFrom: null,
});
