// An engine in use by a command: its events become progress, its memory is watched, and a fault of the GPU, whenever
// it is heard of, fails the run.
import { ReportedError, type ErrorReport } from '../../lib/errors';
import type { AdapterReport, Calls, Engine, EngineEvent, SetNotice } from '../../engine/api/types';
import { NoticeBook } from '../output/notices';
import { describeEvent, Progress } from '../output/progress';
import type { Terminal } from '../output/terminal';

/** Makes an engine; called once the request and its data are known to make sense, as it loads the GPU. */
export type EngineFactory = () => Promise<Engine>;

export class Workbench {
  readonly progress: Progress;
  /** What was said of the images it was given. */
  readonly notices = new NoticeBook();
  readonly #engine: Engine;
  #gpuBytesPeak = 0;
  #fault: ErrorReport | null = null;

  /** Starts an engine. @param notices what there is to say about its data */
  static async start(
    createEngine: EngineFactory,
    terminal: Terminal,
    notices: readonly string[] = [],
  ): Promise<Workbench> {
    const progress = new Progress(terminal);
    notices.forEach((notice) => progress.note(notice));
    progress.update('opening the GPU');
    return new Workbench(await createEngine(), progress);
  }

  constructor(engine: Engine, progress: Progress) {
    this.#engine = engine;
    this.progress = progress;
    engine.subscribe((event) => this.#hear(event));
  }

  /** Makes a call. @throws what the call throws, or the first fault that was reported meanwhile */
  async call<K extends keyof Calls>(name: K, input: Calls[K]['in']): Promise<Calls[K]['out']> {
    const output = await (this.#engine[name] as (input: Calls[K]['in']) => Promise<Calls[K]['out']>)(input);
    if (name !== 'close') this.#watchMemory((await this.#engine.memory()).gpuBytes);
    if (this.#fault) throw new ReportedError(this.#fault);
    return output;
  }

  /** Says what has not been said yet of images and scores. @param more of the set as a whole */
  tell(more: readonly SetNotice[] = []): void {
    this.notices.untold(more).forEach((line) => this.progress.note(line));
  }

  /** Opens the adapter and measures its speed. */
  open(): Promise<AdapterReport> {
    return this.call('open', { probe: true });
  }

  /** The most GPU memory seen after a call or a training step, in bytes. */
  get gpuBytesPeak(): number {
    return this.#gpuBytesPeak;
  }

  /** Starts a new count, from what is held now: one engine may serve several runs. */
  forgetPeak(): void {
    this.#gpuBytesPeak = 0;
  }

  /** Whether a fault of the GPU was heard of: every further call would throw it. */
  get faulty(): boolean {
    return this.#fault !== null;
  }

  #hear(event: EngineEvent): void {
    if (event.kind === 'fault') this.#fault ??= event.error;
    if (event.kind === 'progress') this.#watchMemory(event.memory.gpuBytes);
    // The command line names images by their paths, which are their ids.
    if (event.kind === 'decoded') this.notices.addOf(event.id, event.notices);
    if (event.kind === 'notice') this.progress.note(`${event.error.message} ${event.error.remedy}`);
    const text = describeEvent(event);
    if (text) this.progress.update(text);
  }

  #watchMemory(bytes: number): void {
    this.#gpuBytesPeak = Math.max(this.#gpuBytesPeak, bytes);
  }
}
