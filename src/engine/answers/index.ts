// What the model says of images, as one part of the engine: the live view, tables of scores, single maps, camera frames.
// Everything here goes through src/lib/scoring/answer.ts.
import { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import { ProcessorOverlay } from '../../lib/kernels/maps/processorOverlay';
import type { Budgets } from '../adapter/budgets';
import type { GpuSession } from '../adapter/gpuSession';
import { NoModel, OtherFeatures } from '../api/errors';
import type { Calls, EngineCalls, EngineEvent, Frame, FrameScore, ImageScore, StashedMap, Watched } from '../api/types'; // prettier-ignore
import type { FeatureRoom } from '../features';
import type { ModelRoom } from '../models';
import { differenceOf, sameKind, type ModelState } from '../models/modelState';
import { answer } from '../../lib/scoring/answer';
import { readFiniteScores, withFiniteCheck } from '../../lib/scoring/finiteScores';
import { scoreFrame } from './frames';
import { InsideLook } from './inside';
import { LiveView } from './liveView';
import { scorePasted } from './pastedScores';
import { ScoredBefore } from './scoredBefore';
import { readAnomalyMap, scoreAllImages, type ScoringSources } from './scoring';
import { mapScoringOf, tidyWith } from './scoredMap';
import { readStashedMaps } from './stashedMaps';

export interface AnswerRoomOptions {
  features: FeatureRoom;
  models: ModelRoom;
  /** The model in training as far as it has learned; null while there is none. */
  inTraining(): ModelState | null;
  gpu: GpuSession;
  budgets: Budgets;
  emit(event: EngineEvent): void;
}

type Offered =
  | 'attachCanvas' | 'show' | 'watch' | 'readPixel' | 'profileShow' | 'showInside' | 'readInside' | 'scoreAll' | 'scoreFrame' | 'readMap' | 'readStashed' | 'pasteBlocks'; // prettier-ignore

export class AnswerRoom {
  readonly #options: AnswerRoomOptions;
  readonly #live: LiveView;
  readonly #inside: InsideLook;
  readonly #before = new ScoredBefore();
  #canvas: OffscreenCanvas | null = null;
  #renderer: OverlayRenderer | ProcessorOverlay | null = null;

  constructor(options: AnswerRoomOptions) {
    this.#options = options;
    const { features } = options;
    this.#live = new LiveView({
      parts: (id) => features.parts(id),
      features: (part) => features.arrived(part),
      batch: () => options.gpu.batch,
      model: () => this.#model(),
      renderer: () => this.#renderer,
      nameOf: (id) => features.images.nameOf(id),
      again: (work) => this.#again(work),
    });
    this.#inside = new InsideLook({
      parts: (id) => features.parts(id),
      features: (part) => features.arrived(part),
      trainingParts: () => features.images.trainingParts(),
      model: () => this.#model(),
      pixels: () => features.settings.pixels,
    });
  }

  readonly calls: EngineCalls<Offered> = {
    attachCanvas: (canvas) => this.#again(async () => this.#attach(canvas)),
    show: (view) => this.#live.show(view),
    watch: (request) => this.#again(() => this.#watch(request)),
    readPixel: (place) => this.#again(() => this.#live.readPixel(place)),
    profileShow: () => this.#again(() => this.#live.profile(this.#options.gpu.gpu.device)),
    showInside: (request) => this.#again(() => this.#inside.show(request)),
    readInside: (cell) => this.#again(() => this.#inside.read(cell)),
    scoreAll: (settings) => this.#again(async () => scoreAllImages(this.#tableSources(), settings)),
    scoreFrame: (frame) => this.#again(() => this.#scoreFrame(frame)),
    readMap: (request) => this.#again(async () => readAnomalyMap(this.#sources('scored'), request)),
    readStashed: (request) => this.#again(() => this.#readStashed(request)),
    pasteBlocks: (request) => this.#again(async () => scorePasted(this.#sources('pasted'), request)),
  };

  /** The features are others from here on: nothing on screen can be pointed at any more. */
  forget(): void {
    this.#live.clear();
    this.#inside.clear();
  }

  /** The device is lost and what was on it. */
  suspend(): void {
    this.#renderer = null;
    this.#live.clear({ lost: true });
    this.#inside.clear({ lost: true });
  }

  /** A new device is there, and draws on the same canvas. */
  refill(): void {
    if (this.#canvas) this.#renderer = this.#rendererOn(this.#canvas);
  }

  close(): void {
    this.#renderer?.dispose();
  }

  /** None of these changes anything but what is on the canvas: after a lost device they are simply done again. */
  #again<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.gpu.throughLosses(work);
  }

  async #scoreFrame(frame: Frame): Promise<FrameScore> {
    const { features, gpu } = this.#options;
    const extract: FeatureRoom['extract'] = (images) => features.extract(images);
    const { framing } = features.images;
    return scoreFrame({ state: this.#fittingModel(), framing, batch: gpu.batch, extract }, frame);
  }

  async #watch({ images, ...scoring }: Calls['watch']['in']): Promise<Watched> {
    const seen = await this.#live.readMaps();
    const scores: ImageScore[] = [];
    const state = this.#model();
    if (!state) return { ...seen, scores };
    const { features } = this.#options;
    for (const id of images) {
      if (!features.images.get(id)) continue;
      const { ids, layout } = await features.parts(id);
      if (ids.length > 1) continue;
      const raw = await features.arrived(ids[0]!);
      if (!this.#answers(state)) {
        raw.dispose();
        break;
      }
      const checked = tidyWith(raw, () =>
        withFiniteCheck(answer(state, raw, { size: layout, ...mapScoringOf(scoring) })),
      );
      const [read] = await readFiniteScores(checked, [features.images.nameOf(id)]).finally(() =>
        checked.dispose(),
      );
      scores.push({ id, score: read!.score });
    }
    return { ...seen, scores };
  }

  async #readStashed(request: Calls['readStashed']['in']): Promise<StashedMap[]> {
    const { features, models, gpu } = this.#options;
    const { images } = features;
    return readStashedMaps(
      {
        models: models.stashed,
        parts: (image) => features.parts(image),
        inputOf: (part, kind) => features.inputOf(part, kind),
        nameOf: (image) => images.nameOf(image),
        batch: () => gpu.batch,
      },
      request,
    );
  }

  #attach(canvas: OffscreenCanvas): void {
    this.#renderer?.dispose();
    this.#canvas = canvas;
    this.#renderer = this.#rendererOn(canvas);
  }

  #rendererOn(canvas: OffscreenCanvas): OverlayRenderer | ProcessorOverlay {
    const { device } = this.#options.gpu.gpu;
    return device ? new OverlayRenderer(device, canvas) : new ProcessorOverlay(canvas);
  }

  /** The model in training, so that maps can be watched while it learns; else the trained one, if it fits. */
  #model(): ModelState | null {
    const { inTraining, models, features } = this.#options;
    const state = inTraining() ?? models.trained.state;
    return state && sameKind(state.features, features.settings.kind) ? state : null;
  }

  /** @throws NoModel, OtherFeatures */
  #fittingModel(): ModelState {
    const state = this.#model();
    if (state) return state;
    const { models, features } = this.#options;
    const { state: trained } = models.trained;
    throw trained
      ? new OtherFeatures(differenceOf(trained.features, features.settings.kind) ?? '')
      : new NoModel();
  }

  /** A model that still learns is another one with every step, and what it found before is not what it finds. */
  #tableSources(): ScoringSources {
    const sources = this.#sources('scored');
    const finished = sources.state === this.#options.models.trained.state;
    return finished ? { ...sources, before: this.#before } : sources;
  }

  /** @param kind of the events that tell how far it is @throws NoModel, OtherFeatures */
  #sources(kind: 'scored' | 'pasted'): ScoringSources {
    const state = this.#fittingModel();
    const { features, gpu, budgets, emit } = this.#options;
    return {
      images: features.images,
      features: (id) => features.arrived(id),
      state,
      current: () => this.#answers(state),
      batch: gpu.batch,
      pixelBudget: budgets.testPixels,
      onProgress: (done, total) => emit({ kind, done, total }),
    };
  }

  /** Whether a model is still there and fits the features. */
  #answers({ model, features: kind }: ModelState): boolean {
    const { inTraining, models, features } = this.#options;
    const there = model === models.trained.state?.model || model === inTraining()?.model;
    return there && sameKind(kind, features.settings.kind);
  }
}
