// Does one planned run after another on one engine. What runs share is kept: weights while they are the same, images
// and their features while the class is the same. After a fault of the GPU the next run gets a new engine.
import { RESAMPLES } from '../../lib/scoring/metrics/bootstrap';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import type { AdapterReport } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import type { BackboneFile } from '../backbone';
import type { DatasetImage } from '../data/dataset';
import { runEvaluation } from '../evaluation';
import { showCases } from '../output/htmlReport';
import type { Evaluation } from '../output/report';
import { addImages, configure } from '../steps';
import type { ThresholdRequest } from '../threshold';
import type { Terminal } from '../output/terminal';
import { Workbench, type EngineFactory } from '../bench/workbench';
import type { ClassSet } from './classSets';
import type { ShownCase } from '../../report/runReport';
import type { PlannedRun } from './plan';

export interface RunnerOptions {
  createEngine: EngineFactory;
  terminal: Terminal;
  data: string;
  trainLimit: number | null;
  testLimit: number | null;
  /** Where each run's line comes from; null: labelled test images. */
  threshold?: ThresholdRequest | null;
  /** From when on sPRO takes a region for found whole; null: as the set says. */
  saturation?: Saturation | null;
  /** Where there is one, runs keep curves and pictures of their worst mistakes for it. */
  report?: string | null;
}

/** What the engine holds. */
interface Held {
  workbench: Workbench;
  adapter: AdapterReport;
  weights: BackboneFile | null;
  /** As the engine calls it. */
  backbone: string;
  set: string | null;
  taken: DatasetImage[];
  featuresMs: number;
}

/** What a run came to. */
export interface Made {
  evaluation: Evaluation;
  /** Its worst mistakes; null where no report is to be written. */
  cases: ShownCase[] | null;
}

/** Of either kind: there may be many runs. */
const MOST_CASES = 3;

export class Runner {
  readonly #options: RunnerOptions;
  #held: Held | null = null;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** @throws what a run may throw; the next one starts afresh where that is needed */
  async run({ params }: PlannedRun, set: ClassSet, weights: BackboneFile | null): Promise<Made> {
    const held = (this.#held ??= await this.#open());
    try {
      held.workbench.forgetPeak();
      const configured = await this.#configure(held, params, weights);
      await this.#load(held, set);
      const { data, trainLimit, testLimit, threshold = null, report = null } = this.#options;
      const { saturation = null } = this.#options;
      const { adapter, taken, featuresMs } = held;
      const { reading } = set;
      const prepared = {
        ...{ params: configured, data, trainLimit, testLimit, taken, featuresMs, adapter },
        ...(reading && { reading }),
      };
      const pixelDetail = { saturation };
      const details = { resamples: RESAMPLES, curves: report !== null, threshold, pixelDetail };
      const evaluation = await runEvaluation(held.workbench, prepared, details);
      if (report === null) return { evaluation, cases: null };
      const cases = await showCases(held.workbench, { ...evaluation, taken }, MOST_CASES);
      return { evaluation, cases };
    } catch (error) {
      await this.#afterFailure(held);
      throw error;
    }
  }

  /** Lets go of the engine. */
  async close(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    // An engine that is broken may refuse even this; nothing is lost by it.
    await held?.workbench.call('close', undefined).catch(() => undefined);
  }

  async #open(): Promise<Held> {
    const workbench = await Workbench.start(this.#options.createEngine, this.#options.terminal);
    const adapter = await workbench.open();
    return { workbench, adapter, weights: null, backbone: '', set: null, taken: [], featuresMs: 0 };
  }

  async #configure(held: Held, params: Params, weights: BackboneFile | null): Promise<Params> {
    // Pixels need no weights; those that the engine holds stay for the next run.
    if (!weights) return configure(held.workbench, params, null);
    if (held.weights === weights) {
      const known = { ...params, backbone: held.backbone };
      await held.workbench.call('configure', known);
      return known;
    }
    const configured = await configure(held.workbench, params, weights);
    Object.assign(held, { weights, backbone: configured.backbone });
    return configured;
  }

  /** The set's images and their features; an image that was refused stays out of every run. */
  async #load(held: Held, set: ClassSet): Promise<void> {
    if (held.set === set.name) {
      const start = performance.now();
      await held.workbench.call('features', undefined);
      const ms = performance.now() - start;
      // Computed anew only when settings of the features changed; else the time of the first run stands.
      held.featuresMs = Math.max(held.featuresMs, ms);
      return;
    }
    await held.workbench.call('removeImages', held.taken.map(({ path }) => path)); // prettier-ignore
    Object.assign(held, { set: null, taken: [] });
    held.workbench.notices.clear();
    Object.assign(held, await addImages(held.workbench, set.images), { set: set.name });
  }

  async #afterFailure(held: Held): Promise<void> {
    if (held.workbench.faulty || held.set === null) await this.close();
  }
}
