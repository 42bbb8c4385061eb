// What the page does in answer to an engine event, after the state knows it: rescoring, messages, a fresh look at
// the map. The state itself changes only in applyEvent.ts.
import type { EngineEvent } from '../../engine/api/types';
import { ReportedError } from '../../lib/errors';
import { setPendingModel, keepModel } from '../keeping/kept';
import { discardRun, dropRun, keepRunWhenDue, offerToResume } from '../keeping/keptRun';
import { rememberOwn } from '../compare/ownModel';
import { complain, notify, say } from '../notices/actions';
import { rescore } from '../scores/actions';
import { showStrangest } from '../images/selection';
import { RUN_FLAG } from '../training/actions';
import { isComparing } from '../compare/events';
import { refreshView } from '../stage/liveLoop';
import { writeStored } from './storage';
import { keepStoredMaps } from '../keeping/storedMaps';
import { getState } from './store';
import { t } from '../languages/texts';

/** Watching the map while training may take up to a twentieth of the time, and needs no more than ten looks a second. */
const WATCH_SHARE = 20;
const WATCH_EVERY_MS = 100;
let lastLook = 0;

export function afterEvent(event: EngineEvent): void {
  // A compared run's course is told by the comparison.
  if (isComparing(getState()) && (event.kind === 'trained' || event.kind === 'progress')) return;
  if (event.kind === 'trained') return afterRun(event.report.outcome === 'finished');
  if (event.kind === 'fault') void offerToResume();
  if (event.kind === 'fault' || event.kind === 'notice') return complain(new ReportedError(event.error));
  if (event.kind === 'lost') return afterLoss(event.recovered);
  if (event.kind !== 'progress') return;
  keepRunWhenDue();
  watch();
  void import('../training/watch').then(({ look }) => look());
}

/** The picture follows the training, as often as the adapter can afford. */
function watch(): void {
  const cost = getState().view.painted?.ms ?? 0;
  if (performance.now() - lastLook < Math.max(WATCH_EVERY_MS, WATCH_SHARE * cost)) return;
  lastLook = performance.now();
  refreshView();
}

function afterRun(finished: boolean): void {
  writeStored('session', RUN_FLAG, null);
  if (finished) keepStoredMaps(new Map());
  void (finished ? discardRun() : dropRun());
  refreshView();
  if (finished) void import('../training/watch').then(({ endWatch }) => endWatch());
  // Settings changed meanwhile had to wait with their scores.
  if (!finished && getState().scores.status === 'stale') void rescore();
  if (!finished) return;
  say(t('Training finished. The maps now come from your own grids.'));
  void rescore().then(showStrangest);
  setPendingModel(null);
  // First a copy for the page itself: where nothing may be stored, an engine that is lost takes the model with it.
  void rememberOwn(getState()).then(keepModel);
}

function afterLoss(recovered: boolean): void {
  writeStored('session', RUN_FLAG, null);
  if (!recovered) return void offerToResume();
  refreshView();
  notify({
    tone: 'info',
    message: t('The graphics device was lost and is back.'),
    remedy: t('What was under way goes on from where it was, a training from its last checkpoint.'),
    lifetime: 10_000,
  });
}
