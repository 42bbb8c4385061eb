// What the link that was opened asks for, beyond settings: images it names and cannot carry, and whether it may take the
// place of work that is kept here.
import type { OwnImages } from '../../settings/ownImages';

/** The visitor's own work, as far as this browser keeps it. */
export interface KeptWork {
  images: number;
  /** The set that the kept model was trained on; null when there is none. */
  model: string | null;
  /** How far a training came that was cut off; null when there is none. */
  run: { step: number; steps: number } | null;
}

export interface LinkSlice {
  /** Images that the link was made with, while they are not those of the visitor's own that were kept. */
  wanted: { digest: string | null; own: OwnImages | null } | null;
  /**
   * The question whether the link may take the place of kept work; null when there is none. `pending` is a hash still
   * to be taken; null when its view is on screen already, behind the question.
   */
  question: { kept: KeptWork; pending: string | null } | null;
}

export const initialLink = (): LinkSlice => ({ wanted: null, question: null });
