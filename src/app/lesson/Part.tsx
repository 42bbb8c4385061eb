// A part of the screen as a lesson has it: as it is, with its controls locked, or not there at all.
import type { ReactNode } from 'react';
import { ruleOf, type Hideable } from '../../settings/lesson';
import { useApp } from '../shell/store';
import { LockContext } from './lock';

export function Part({ name, children }: { name: Hideable; children: ReactNode }) {
  const rule = useApp((state) => ruleOf(state.view.lesson, name));
  if (rule === 'hidden') return null;
  return <LockContext value={rule === 'locked'}>{children}</LockContext>;
}
