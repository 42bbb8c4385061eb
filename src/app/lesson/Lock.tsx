// What a lesson does to the screen: parts and rows that are hidden or locked. Every control asks whether it is inside a
// locked one; parts and rows answer for what is inside.
import { createContext, useContext, type ReactNode } from 'react';
import { Icon } from '../controls/Icon';
import { ruleOf, type Hideable, ruleOfRow } from '../../settings/lesson';
import { useApp } from '../shell/store';
import type { ParamName } from '../../settings/table';
import { t } from '../languages/texts';
import './lesson.css';

export const LockContext = createContext(false);

/** True inside a locked part or row. */
export const useLocked = (): boolean => useContext(LockContext);

/** The sentence in the head of a locked part. */
export function LockLine() {
  if (!useLocked()) return null;
  return (
    <span className="lock-line small muted">
      <Icon name="lock" />
      {t('Locked in this lesson')}
    </span>
  );
}

/** The lock at the name of a locked row: says in a sentence why nothing moves. */
export function LockMark() {
  if (!useLocked()) return null;
  return (
    <span
      className="lock-mark"
      role="img"
      aria-label={t('Locked in this lesson')}
      title={t('Locked in this lesson: its value stays as it is.')}
    >
      <Icon name="lock" />
    </span>
  );
}

/** A part of the screen as a lesson has it: as it is, with its controls locked, or not there at all. */
export function Part({ name, children }: { name: Hideable; children: ReactNode }) {
  const rule = useApp((state) => ruleOf(state.view.lesson, name));
  if (rule === 'hidden') return null;
  return <LockContext value={rule === 'locked'}>{children}</LockContext>;
}

/** One parameter's control as a lesson has it. A single locked row shows a lock at its name. */
export function Row({ name, children }: { name: ParamName; children: ReactNode }) {
  const rule = useApp((state) => ruleOfRow(state.view.lesson, name));
  const around = useLocked();
  if (rule === 'hidden') return null;
  return <LockContext value={around || rule === 'locked'}>{children}</LockContext>;
}

/** Which parts of the screen a link hides: a teacher's way of showing one thing at a time. */
export const useHidden = (part: Hideable): boolean =>
  useApp((state) => ruleOf(state.view.lesson, part) === 'hidden');
