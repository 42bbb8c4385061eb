// What this browser keeps for the next visit: who keeps it, how much room there is, and a training that can go on.
export interface KeptSlice {
  /**
   * `unclaimed` until there is something to keep; `here`: this tab writes; `elsewhere`: another tab does, and this one
   * writes nothing; `visiting`: a link is open that must not overwrite what is kept; `forgotten`: the visitor asked for
   * nothing to be kept of this visit.
   */
  keeper: 'unclaimed' | 'here' | 'elsewhere' | 'visiting' | 'forgotten';
  /** The browser refused to keep something, for want of room or of permission. */
  refused: boolean;
  /** Bytes that this page's origin takes up, and may take up; null while unknown. */
  usage: number | null;
  quota: number | null;
  /** Whether the browser has promised not to clear it of its own accord; null while unknown. */
  persistent: boolean | null;
  /** A training that was cut off, of the set on screen; null when there is none. */
  resumable: { step: number; steps: number } | null;
}

export const initialKept = (): KeptSlice => ({
  keeper: 'unclaimed',
  refused: false,
  usage: null,
  quota: null,
  persistent: null,
  resumable: null,
});
