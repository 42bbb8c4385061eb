// Which parts of the screen a link hides: a teacher's way of showing one thing at a time.
import type { Hideable } from '../params/link';
import { useApp } from '../state/store';

export const useHidden = (part: Hideable): boolean => useApp((state) => state.view.hidden.includes(part));
