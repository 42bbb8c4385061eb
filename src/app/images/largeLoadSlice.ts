// A large set on its way in: how far its folders have been listed, and the question before it is loaded.
import type { LoadEstimate } from './loadEstimate';

export interface LargeLoadSlice {
  /** Files found so far in dropped folders; null while none are being walked. */
  listed: number | null;
  /** Null while nothing is asked. */
  asked: LoadEstimate | null;
}

export const initialLargeLoad = (): LargeLoadSlice => ({ listed: null, asked: null });
