// Which parts of the screen a link hides: a teacher's way of showing one thing at a time.
import { ruleOf, type Hideable } from '../../settings/lesson';
import { useApp } from '../shell/store';

export const useHidden = (part: Hideable): boolean =>
  useApp((state) => ruleOf(state.view.lesson, part) === 'hidden');
