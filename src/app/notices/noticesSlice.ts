// Messages to the user that are not bound to one place: what happened, what to do, at most one action.
export interface Notice {
  id: number;
  tone: 'info' | 'success' | 'error';
  message: string;
  /** Class of the error that is told, for cards that offer more than words. */
  error?: string;
  remedy?: string;
  action?: { label: string; run: () => void };
  /** Leaves by itself after so many milliseconds; stays when absent. */
  lifetime?: number;
}

export interface NoticesSlice {
  list: Notice[];
}

export const initialNotices = (): NoticesSlice => ({ list: [] });
