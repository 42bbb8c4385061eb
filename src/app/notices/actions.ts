// Saying things to the user, and taking them back.
import { toReport, type ErrorReport } from '../../lib/errors';
import { getState, patch } from '../shell/store';
import type { Notice } from './noticesSlice';
import { t } from '../languages/texts';

/** More than this is not read; the oldest go first. */
const MAX_NOTICES = 4;
const SHORT_MS = 5_000;
const UNDO_MS = 10_000;
let nextId = 1;

export function notify(notice: Omit<Notice, 'id'>): number {
  const id = nextId++;
  patch('notices', { list: [...getState().notices.list, { ...notice, id }].slice(-MAX_NOTICES) });
  if (notice.lifetime !== undefined) setTimeout(() => dismiss(id), notice.lifetime);
  return id;
}

export function dismiss(id: number): void {
  patch('notices', { list: getState().notices.list.filter((notice) => notice.id !== id) });
}

/** A passing confirmation. */
export const say = (message: string) => notify({ tone: 'success', message, lifetime: SHORT_MS });

/** Something was taken away; `undo` brings it back. */
export const offerUndo = (message: string, undo: () => void) =>
  notify({ tone: 'info', message, action: { label: t('Undo'), run: undo }, lifetime: UNDO_MS });

/** A failure, with what to do about it. The same failure is not said twice. */
export function complain(error: unknown): void {
  const { name, message, remedy }: ErrorReport = toReport(error);
  // The page closed the engine itself; or it was lost, which the banner says.
  if (name === 'EngineClosed' || (name === 'EngineLost' && getState().engine.status !== 'ready')) return;
  if (getState().notices.list.some((notice) => notice.message === message)) return;
  notify({ tone: 'error', message, remedy, error: name });
}
