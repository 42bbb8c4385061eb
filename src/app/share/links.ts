// Opening a link where work is kept: asks first, and deletes nothing whatever the answer. A link that is opened is a
// visit: nothing of it is kept until the visitor says so. Which links are one's own is known by the last address written.
import { NO_LESSON } from '../../settings/lesson';
import { readList, readModel, readRun } from '../keeping/database';
import { endVisit, startVisit } from '../keeping/storageLock';
import { isOwnSet, isTraining } from '../shell/selectors';
import type { KeptWork } from './linkSlice';
import { readStored, writeStored } from '../shell/storage';
import { getState, patch, setState } from '../shell/store';
import { offerKeptImages } from '../keeping/kept';
import { loadNamedSet } from '../images/sets';

const ADDRESS = 'address';

/** Whether a hash is someone else's link, or an old one of one's own: not what this page last wrote there. */
export const isForeign = (hash: string): boolean =>
  hash.length > 1 && (['session', 'local'] as const).every((area) => readStored(area, ADDRESS) !== hash);

/** Remembers the address of the work that is kept; a visit's is the tab's own. */
export function rememberAddress(hash: string): void {
  const { kept, link } = getState();
  const { keeper } = kept;
  // While it is asked whether to open a link, the link is still foreign: a reload asks again.
  if (link.question !== null || keeper === 'forgotten' || readStored('session', ADDRESS) === hash) return;
  writeStored('session', ADDRESS, hash);
  if (keeper === 'here' || keeper === 'unclaimed') writeStored('local', ADDRESS, hash);
}

/** What is kept here of the visitor's own; null when there is nothing. */
export async function lookForKeptWork(): Promise<KeptWork | null> {
  const [list, model, run] = await Promise.all(
    [readList(), readModel(), readRun()].map((reading) => reading.catch(() => null)) as [
      ReturnType<typeof readList>,
      ReturnType<typeof readModel>,
      ReturnType<typeof readRun>,
    ],
  );
  const kept = {
    images: list?.records.length ?? 0,
    model: model?.dataset ?? null,
    run: run && { step: run.progress.step, steps: run.progress.steps },
  };
  return kept.images > 0 || kept.model !== null || kept.run !== null ? kept : null;
}

/** At start: a foreign link is a visit until it is known that nothing is kept that it could take the place of. */
export async function welcome(hash: string): Promise<void> {
  if (!isForeign(hash)) return offerKeptImages(() => void openKeptSet());
  startVisit();
  const kept = await lookForKeptWork();
  if (kept) patch('link', { question: { kept, pending: null } });
  else endVisit();
}

/** The page is open already, and another link was pasted. @returns whether it may be taken at once */
export async function mayTakeLink(hash: string): Promise<boolean> {
  const state = getState();
  const kept = await lookForKeptWork();
  const atStake = kept ?? workOnScreen();
  if (!atStake || (state.kept.keeper === 'visiting' && !workOnScreen())) return true;
  patch('link', { question: { kept: atStake, pending: hash } });
  return false;
}

const openKeptSet = async () => (await import('../images/ownSets')).openKeptSet();

/** What would leave the screen, kept or not. */
function workOnScreen(): KeptWork | null {
  const state = getState();
  const { step, steps } = state.training.progress ?? { step: 0, steps: 0 };
  const work = {
    images: isOwnSet(state.params) ? state.data.order.length : 0,
    model: state.model.source === 'trained' ? state.params.dataset : null,
    run: isTraining(state) ? { step, steps } : null,
  };
  return work.images > 0 || work.model !== null || work.run ? work : null;
}

/** The answer "open the link". @param take takes a hash into the page */
export function openLink(take: (hash: string) => void): void {
  const { question } = getState().link;
  patch('link', { question: null });
  startVisit();
  if (question?.pending) take(question.pending);
}

/** The answer "keep mine": back to the kept work; where the link is not on screen yet, everything stays. */
export async function keepMine(): Promise<void> {
  const { question } = getState().link;
  patch('link', { question: null });
  if (!question || question.pending !== null) return;
  endVisit();
  const { view } = getState();
  patch('link', { wanted: null });
  setState({ view: { ...view, lesson: NO_LESSON, threshold: null, fusionValue: null, brush: [] } });
  if (question.kept.images > 0) return openKeptSet();
  const kept = (await readModel().catch(() => null)) ?? (await readRun().catch(() => null));
  if (!kept) return;
  setState({ params: { ...kept.params, dataset: kept.dataset } });
  await loadNamedSet(null);
}
