// What a long command says while it runs: one line that rewrites itself on a terminal, a sparse line elsewhere
// (a log file should not hold ten lines a second).
import type { EngineEvent, Progress as TrainingProgress, StageProgress } from '../../engine/api/types';
import type { Terminal } from './terminal';

const REDRAW_MS = 100;
const LOG_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #lineOpen = false;

  constructor(terminal: Terminal, now = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Where the work stands; most of these are never seen. */
  update(text: string): void {
    const pause = this.#terminal.interactive ? REDRAW_MS : LOG_MS;
    if (this.#now() - this.#shownAt < pause) return;
    this.#shownAt = this.#now();
    if (!this.#terminal.interactive) return this.#terminal.err(`${text}\n`);
    this.#terminal.err(`${CLEAR_LINE}${text.slice(0, this.#terminal.columns - 1)}`);
    this.#lineOpen = true;
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear();
    this.#terminal.err(`${text}\n`);
  }

  /** Takes the rewritten line away, before results or errors are printed. */
  clear(): void {
    if (this.#lineOpen) this.#terminal.err(CLEAR_LINE);
    this.#lineOpen = false;
  }
}

/** The sentence for an engine event; null for events that are no progress. */
export function describeEvent(event: EngineEvent): string | null {
  switch (event.kind) {
    case 'features':
      return `features ${event.done}/${event.total}`;
    case 'download':
      return describeDownload(event);
    case 'progress':
      return describeTraining(event.progress);
    case 'scored':
      return `scoring ${event.done}/${event.total}`;
    default:
      return null;
  }
}

function describeDownload({ id, doneBytes, totalBytes }: Extract<EngineEvent, { kind: 'download' }>): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const total = totalBytes === null ? '' : ` of ${megabytes(totalBytes)}`;
  return `downloading ${id}: ${megabytes(doneBytes)}${total} MB`;
}

function describeTraining(progress: TrainingProgress): string {
  const { step, steps, loss, secondsLeft } = progress;
  const parts = [
    progress.stage === null ? progress.phase : describeStage(progress),
    `step ${step}/${steps}`,
    ...(loss === null ? [] : [`loss ${loss.toPrecision(4)}`]),
    ...(secondsLeft === null ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ];
  return parts.join(', ');
}

const describeStage = ({ stage, epoch, epochs }: StageProgress) => `stage ${stage}, epoch ${epoch}/${epochs}`;
