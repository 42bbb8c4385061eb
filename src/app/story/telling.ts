// How far the reader of a lesson is: which step, what was expected, what was reached. Kept within the tab, under the
// lesson's own digest, so that a reload goes on where it was and another lesson begins at its beginning.
import { create } from 'zustand';
import type { Step } from '../../settings/story';
import { readStored, writeStored } from '../shell/storage';
import { patch } from '../shell/store';
import { play } from './scene';

/** Set up without an answer. */
export const UNASKED = -1;

export interface Telling {
  /** Of the lesson that this is about. */
  lesson: string;
  at: number;
  /** The choice taken at each step, UNASKED, or null before. */
  answers: (number | null)[];
  reached: boolean[];
  /** What the scene of a step could not have, in a sentence. */
  problem: string | null;
  /** On a phone: only the head is to be seen. */
  folded: boolean;
}

const BEGINNING = { at: 0, answers: [], reached: [], problem: null, folded: false };

export const useTelling = create<Telling>(() => ({ lesson: '', ...BEGINNING }));

const { getState, setState } = useTelling;
const KEPT = 'lesson';

/**
 * Begins a lesson, or goes on with it where this tab left it.
 * @param count of its steps @param changed the lesson on screen is being edited: one stays where one is
 */
export function open(lesson: string, count: number, changed: boolean): void {
  if (getState().lesson === lesson) return;
  if (changed) return setState({ lesson });
  setState({ lesson, ...BEGINNING, ...kept(lesson, count) });
}

/** Whatever stands in the storage, what comes out makes sense. */
function kept(lesson: string, count: number): Partial<Telling> {
  try {
    const read = JSON.parse(readStored('session', KEPT) ?? 'null') as Partial<
      Record<keyof Telling, unknown>
    > | null;
    if (read?.lesson !== lesson) return {};
    const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, count) : []);
    const at = Number.isInteger(read.at) ? Math.min(count - 1, Math.max(0, read.at as number)) : 0;
    return {
      at,
      answers: list(read.answers).map((value) => (Number.isInteger(value) ? (value as number) : null)),
      reached: list(read.reached).map((value) => value === true),
    };
  } catch {
    // A damaged entry is as good as none.
    return {};
  }
}

function keep(): void {
  const { lesson, at, answers, reached } = getState();
  writeStored('session', KEPT, JSON.stringify({ lesson, at, answers, reached }));
}

export function goTo(at: number): void {
  if (at === getState().at) return;
  setState({ at, problem: null });
  keep();
}

/** Takes the reader's expectation, once, and sets the step's scene. */
export function answer(index: number, choice: number, step: Step): void {
  const { answers } = getState();
  if ((answers[index] ?? null) === null) setState({ answers: put(answers, index, choice) });
  keep();
  void setUp(step);
}

/** Sets a step's scene, anew too. */
export async function setUp(step: Step): Promise<void> {
  setState({ problem: null });
  const { lesson, at } = getState();
  const problem = await play(step.scene);
  if (getState().lesson === lesson && getState().at === at) setState({ problem });
}

export function noteReached(index: number): void {
  if (getState().reached[index]) return;
  setState({ reached: put(getState().reached, index, true) });
  keep();
}

/** Everything of this lesson anew. */
export function startOver(): void {
  setState(BEGINNING);
  keep();
}

export const fold = (folded: boolean): void => setState({ folded });

function put<T>(list: readonly T[], index: number, value: T): T[] {
  const next = Array.from({ length: Math.max(list.length, index + 1) }, (_, i) => list[i] as T);
  next[index] = value;
  return next;
}

/** What a step is about; null when all of the page is shown. */
export const lookAt = (step: Step | null): void =>
  patch('layout', { look: step && step.look.length > 0 ? step.look : null });

/** A short name for a lesson's words (FNV-1a, 32 bits). */
export function digestOf(words: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
