// Lessons in force: what they let one do. Every action that a visitor can trigger asks here, so that a locked control
// stays locked for keys, drags and drops too.
import {
  isLesson,
  NO_LESSON,
  ruleOf,
  ruleOfRow,
  withRule,
  type Control,
  type Hideable,
  type Lesson,
  type Rule,
} from '../../settings/lesson';
import type { ParamName } from '../../settings/table';
import { say } from '../notices/actions';
import { getState, patch } from '../shell/store';
import { t } from '../languages/texts';

/** Whether a part of the screen may be used; what is hidden may not. */
export const mayUse = (part: Hideable): boolean => ruleOf(getState().view.lesson, part) === 'open';

/** Whether a parameter may be changed by hand. */
export const mayChange = (name: ParamName): boolean => ruleOfRow(getState().view.lesson, name) === 'open';

/** As `mayUse`, and says why not: for drops and keys, whose control shows no lock. */
export function guardLesson(part: Hideable): boolean {
  if (mayUse(part)) return true;
  say(t('This is locked in this lesson.'));
  return false;
}

export const setLesson = (lesson: Lesson): void => patch('view', { lesson });

export const setRule = (control: Control, rule: Rule): void =>
  setLesson(withRule(getState().view.lesson, control, rule));

/** Shows and frees everything. Settings and data stay as they are. */
export function leaveLesson(): void {
  const { lesson } = getState().view;
  if (!isLesson(lesson)) return;
  setLesson(NO_LESSON);
  say(t('You have left the lesson: everything is shown and can be changed. Your settings stay.'));
}
