// Whether a comparison has anything to show yet.
import { useApp } from '../shell/store';

export const useHasRuns = (): boolean =>
  useApp((state) => state.compare.runs.some(({ table }) => table !== null));
