// The one store. Components read it with selectors; everything that changes it lives in actions/ or applyEvent.ts.
import { create } from 'zustand';
import { initialState, type AppState } from './appState';

export const useApp = create<AppState>()(() => initialState());

export const { getState, setState } = useApp;

/** Changes some fields of one slice. */
export function patch<K extends keyof AppState>(slice: K, change: Partial<AppState[K]>): void {
  setState((state) => ({ [slice]: { ...state[slice], ...change } }) as Pick<AppState, K>);
}
