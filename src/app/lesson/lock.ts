// Whether the controls around here are locked by a lesson. Every control asks; parts and rows answer for what is inside.
import { createContext, useContext } from 'react';

export const LockContext = createContext(false);

/** True inside a locked part or row. */
export const useLocked = (): boolean => useContext(LockContext);
