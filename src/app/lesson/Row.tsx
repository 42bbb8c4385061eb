// One parameter's control as a lesson has it. A single locked row shows a lock at its name.
import type { ReactNode } from 'react';
import { ruleOfRow } from '../../settings/lesson';
import type { ParamName } from '../../settings/table';
import { useApp } from '../shell/store';
import { LockContext, useLocked } from './lock';

export function Row({ name, children }: { name: ParamName; children: ReactNode }) {
  const rule = useApp((state) => ruleOfRow(state.view.lesson, name));
  const around = useLocked();
  if (rule === 'hidden') return null;
  return <LockContext value={around || rule === 'locked'}>{children}</LockContext>;
}
