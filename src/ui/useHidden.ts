// Which parts of the screen a link hides: a teacher's way of showing one thing at a time.
import { ruleOf, type Hideable } from '../params/lesson';
import { useApp } from '../state/store';

export const useHidden = (part: Hideable): boolean =>
  useApp((state) => ruleOf(state.view.lesson, part) === 'hidden');
