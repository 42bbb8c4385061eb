// A large set on its way in: how far its folders have been listed, and the question before it is loaded.
import type { ReadingRow } from '../../lib/datasets/layouts/report';
import type { LoadEstimate } from './loadEstimate';

export interface LargeLoadSlice {
  /** Files found so far in dropped folders; null while none are being walked. */
  listed: number | null;
  /** Null while nothing is asked. */
  asked: LoadEstimate | null;
  /** How dropped files are read, while that is shown. */
  reading: ReadingView | null;
  /** Whether it can be shown of the last files. */
  readable: boolean;
  /** A set that was brought while another is on screen, while it is asked where it goes. */
  placing: Placing | null;
}

export interface Placing {
  /** What it is called, and how many images it has. */
  title: string;
  images: number;
  /** So many of them are on screen already. */
  twins: number;
}

export interface ReadingView {
  summary: string;
  rows: readonly ReadingRow[];
  questions: readonly string[];
}

export const initialLargeLoad = (): LargeLoadSlice => ({
  listed: null,
  asked: null,
  reading: null,
  readable: false,
  placing: null,
});
