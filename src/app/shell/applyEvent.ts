// The one door through which the engine's events enter the state: a pure function of state and event, tested
// without engine or store. What follows from an event (rescoring, notices) is done by the caller.
import type { EngineEvent, LossCurves, Progress, TrainReport } from '../../engine/api/types';
import { EngineLost } from '../../engine/api/errors';
import { toReport } from '../../lib/errors';
import type { AppState } from './appState';
import { applyCompareEvent } from '../compare/events';
import { appendLoss, thin } from '../training/lossCurve';
import { initialDetectability } from '../compare/compareSlice';
import type { ImageRecord } from '../images/dataSlice';
import type { TrainingSlice } from '../training/trainingSlice';

type Decoded = Extract<EngineEvent, { kind: 'decoded' }>;

/** Many events, in their order. Images that were decoded one after the other are noted at once: each note copies the list. */
export function applyEvents(state: AppState, events: readonly EngineEvent[]): AppState {
  let next = state;
  let together: Decoded[] = [];
  const settle = () => {
    if (together.length > 0) next = decoded(next, together);
    together = [];
  };
  for (const event of events) {
    if (event.kind === 'decoded') together.push(event);
    else {
      settle();
      next = applyEvent(next, event);
    }
  }
  settle();
  return next;
}

export function applyEvent(state: AppState, event: EngineEvent): AppState {
  return applyCompareEvent(state, event) ?? applyOwnEvent(state, event);
}

function applyOwnEvent(state: AppState, event: EngineEvent): AppState {
  switch (event.kind) {
    case 'decoded':
      return decoded(state, [event]);
    case 'features':
      return withEngine(state, { extracting: pending(event.done, event.total), phase: null });
    case 'download':
      return downloading(state, event);
    case 'notice':
      return state;
    case 'progress':
      return progressed(state, event.progress, event.memory);
    case 'trained':
      return trained(state, event.report);
    case 'scored':
      return { ...state, scores: { ...state.scores, progress: pending(event.done, event.total) } };
    case 'pasted':
      return pasted(state, event.done, event.total);
    case 'fault':
      return withEngine(failRun(state), { error: event.error, phase: null });
    case 'lost':
      return lost(state, event.reason, event.recovered);
    case 'silence':
      return withEngine(state, { silent: event.silent });
  }
}

/** News of a download that has already ended, or was cancelled, come too late. */
function downloading(state: AppState, event: Extract<EngineEvent, { kind: 'download' }>): AppState {
  const { weights } = state;
  return weights.download?.id === event.id ? { ...state, weights: { ...weights, download: event } } : state;
}

const pending = (done: number, total: number) => (done < total ? { done, total } : null);

function pasted(state: AppState, done: number, total: number): AppState {
  const { compare } = state;
  const detectability = { ...compare.detectability, progress: pending(done, total) };
  return { ...state, compare: { ...compare, detectability } };
}

const withEngine = (state: AppState, change: Partial<AppState['engine']>): AppState => ({
  ...state,
  engine: { ...state.engine, ...change },
});

function decoded(state: AppState, events: readonly Decoded[]): AppState {
  // Removed while it was being decoded: nothing to note.
  const known = events.filter(({ id }) => state.data.images[id]);
  if (known.length === 0) return state;
  const images = { ...state.data.images };
  for (const event of known) images[event.id] = readyRecord(images[event.id]!, event);
  return { ...state, data: { ...state.data, images } };
}

const readyRecord = (record: ImageRecord, event: Decoded): ImageRecord => ({
  ...record,
  status: 'ready',
  width: event.width,
  height: event.height,
  orientation: event.orientation,
  showable: event.showable,
  hasThumbnail: record.hasThumbnail || event.thumbnail !== null,
  notes: event.notices.map(({ text }) => text),
});

/** A report of progress means that a run goes on, unless the user holds or has just ended it. */
const RUNNING_FROM = new Set<TrainingSlice['status']>(['starting', 'idle', 'finished', 'failed']);

function progressed(state: AppState, progress: Progress, memory: AppState['engine']['memory']): AppState {
  const { training } = state;
  const fresh = training.progress === null || progress.step < training.progress.step;
  const losses: LossCurves = fresh ? { 1: [], 2: [] } : training.losses;
  const { loss } = progress;
  const curve = progress.stage ?? 'fit';
  return {
    ...state,
    engine: { ...state.engine, memory, phase: null },
    training: {
      ...training,
      status: RUNNING_FROM.has(training.status) ? 'running' : training.status,
      progress,
      losses: loss === null ? losses : { ...losses, [curve]: appendLoss(losses[curve] ?? [], loss) },
    },
  };
}

function trained(state: AppState, report: TrainReport): AppState {
  const finished = report.outcome === 'finished';
  const training: TrainingSlice = {
    ...state.training,
    status: report.outcome,
    // The curves on screen are the model's in use: of a cancelled run's nothing stays.
    ...(finished ? { losses: thinned(report.losses), seconds: report.seconds } : state.training.before),
    before: null,
  };
  const ended = { ...withEngine(state, { phase: null }), training };
  if (finished) return adopt(ended, report.fusionValue);
  // The half-trained model is gone; with none before it, its last picture must go too.
  return state.model.source === 'none' ? { ...ended, view: { ...ended.view, painted: null } } : ended;
}

function thinned({ 1: first, 2: second, fit }: LossCurves): LossCurves {
  const stages = { 1: thin(first), 2: thin(second) };
  return fit ? { ...stages, fit: thin(fit) } : stages;
}

/** A finished model takes over; what was set by hand belonged to the one before. */
function adopt(state: AppState, fusionValue: number | null): AppState {
  return {
    ...state,
    model: { source: 'trained', params: state.training.startedWith ?? state.params, fusionValue },
    view: { ...state.view, fusionValue: null, threshold: null },
    // Scale and line of the model before would paint and judge the new one's maps wrongly until scores are there.
    scores: {
      ...state.scores,
      status: state.scores.status === 'none' ? 'none' : 'stale',
      ranges: null,
      suggested: null,
      fromLabels: null,
      synthetic: null,
    },
    compare: { ...state.compare, detectability: initialDetectability() },
  };
}

/** A run that is under way when something breaks has failed; anything else is left as it was. */
function failRun(state: AppState): AppState {
  const underWay = ['starting', 'running', 'paused'].includes(state.training.status);
  return underWay ? { ...state, training: { ...state.training, status: 'failed' } } : state;
}

function lost(state: AppState, reason: string, recovered: boolean): AppState {
  if (recovered) return withEngine(state, { status: 'ready', error: null, phase: null });
  const error = toReport(new EngineLost(reason));
  const ended = withEngine(failRun(state), {
    status: 'lost',
    error: { ...error, remedy: `Your images, settings and model are kept. ${error.remedy}` },
    silent: false,
    phase: null,
    extracting: null,
  });
  // Said once, by the banner: calls that it cut off may have complained before this was known.
  const list = state.notices.list.filter((notice) => notice.error !== error.name);
  return { ...ended, notices: { list } };
}
