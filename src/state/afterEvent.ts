// What the page does in answer to an engine event, after the state knows it: rescoring, messages, a fresh look at
// the map. The state itself changes only in applyEvent.ts.
import type { EngineEvent } from '../engine/types';
import { complain, notify, say } from './actions/notices';
import { rescore } from './actions/scores';
import { RUN_FLAG } from './actions/training';
import { refreshView } from './liveLoop';
import { writeStored } from './storage';
import { keepStoredMaps } from './stored';

let shownEpoch = '';

export function afterEvent(event: EngineEvent): void {
  if (event.kind === 'trained') return afterRun(event.report.outcome === 'finished');
  if (event.kind === 'fault') return complain(event.error);
  if (event.kind === 'lost') return afterLoss(event.recovered);
  if (event.kind !== 'progress') return;
  // The picture follows the training, epoch by epoch; oftener would slow it down.
  const { stage, epoch } = event.progress;
  if (shownEpoch !== `${stage}.${epoch}`) refreshView();
  shownEpoch = `${stage}.${epoch}`;
}

function afterRun(finished: boolean): void {
  writeStored('session', RUN_FLAG, null);
  if (finished) keepStoredMaps(new Map());
  refreshView();
  if (!finished) return;
  say('Training finished. The maps now come from your own grids.');
  void rescore();
}

function afterLoss(recovered: boolean): void {
  writeStored('session', RUN_FLAG, null);
  if (!recovered) return;
  refreshView();
  notify({
    tone: 'info',
    message: 'The graphics device was lost and is back.',
    remedy: 'Images, settings and the last checkpoint are kept.',
    lifetime: 10_000,
  });
}
