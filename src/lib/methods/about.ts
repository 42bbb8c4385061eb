// What a method says of itself, for choosing among them: light, so that a page can show all of them before anything
// that computes is loaded. Each folder beside this file has one or more; list.ts lists them.
import type { OptionRows } from './options';

export interface MethodAbout {
  /** In links, files and on the command line: never changes. */
  id: string;
  /** Short enough for a button row and a table. */
  name: string;
  year: number;
  /** No figure of its paper has been reached here: its name says so wherever it stands. */
  unvalidated?: true;
  /** What it does, in half a line. */
  line: string;
  /** In a list of choices, with a line of explanation. */
  label: string;
  help: string;
  /** Another name that is understood when read. */
  alias?: string;
  /** What a run takes, next to the others on the same features. */
  cost: 'seconds' | 'trains' | 'trains long';
  /** Whether it is trained in GRAD's two stages (grad/trainer.ts), or fitted in one go (method.ts). */
  training: 'stages' | 'fit';
  /** What it looks at: feature maps of the backbone, or the image itself (RGB in 0..1, [B, S, S, 3]). */
  input: 'features' | 'pixels';
  /** Branches whose maps can be looked at one by one. */
  branches: { normal: boolean; abnormal: boolean };
  /** What the numbers of its map are. */
  mapUnit: string;
  /** The options that count for it, by their names in the table of parameters. */
  rows: OptionRows;
}

/** A longer explanation, in a file of its own that is loaded when somebody asks. */
export interface Explanation {
  /** Two sentences. */
  text: string;
  /** The score of a place p. */
  formula: string;
  /** The paper. */
  source: string;
}

export const NO_BRANCHES = { normal: false, abnormal: false } as const;
