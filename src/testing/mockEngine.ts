// A fake engine with the manners of the real one: same calls, same events, made-up mathematics (distance of each
// cell's colour from the training images' mean). For interface tests, and for working on the interface with
// `?mock` in development. Never part of a production build.
import { colormap } from '../colormaps';
import { blockMask } from '../engine/block';
import { NewestWins } from '../engine/newestWins';
import type {
  Calls,
  Engine,
  EngineEvent,
  ImageFile,
  ImageId,
  Shown,
  Stage,
  TrainReport,
  View,
} from '../engine/types';
import { ReportedError, toReport } from '../errors';
import { AdapterMissing, LimitsTooLow, WebGpuMissing } from '../gpu/errors';
import { paintOverlay } from '../paintOverlay';
import type { Params } from '../params/table';
import { cellColours, SIDE, type Cells } from './mockFeatures';
import { mockAdapter, mockScores, wait } from './mockParts';

interface MockImage extends Omit<ImageFile, 'bytes' | 'mask'> {
  cells: Cells;
}

interface Run {
  step: number;
  steps: number;
  losses: Record<Stage, number[]>;
  paused: boolean;
  cancelled: boolean;
  started: number;
}

const STEP_MS = 80;

class MockEngine {
  readonly #variant: string;
  readonly #images = new Map<ImageId, MockImage>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #canvas: OffscreenCanvas | null = null;
  #params: Params | null = null;
  /** 0: nothing learned, 1: fully trained, null: no model. */
  #skill: number | null = null;
  #shown: View | null = null;
  #run: Run | null = null;
  readonly #live = new NewestWins((view: View) => this.#draw(view));

  constructor(variant: string) {
    this.#variant = variant;
  }

  subscribe(listener: (event: EngineEvent) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(event: EngineEvent) {
    this.#listeners.forEach((listener) => listener(event));
  }

  async open() {
    await wait(150);
    if (this.#variant === 'nogpu') throw new WebGpuMissing();
    if (this.#variant === 'noadapter') throw new AdapterMissing();
    if (this.#variant === 'limits') {
      throw new LimitsTooLow([
        { limit: 'maxStorageBufferBindingSize', needed: 134217728, present: 33554432 },
      ]);
    }
    if (this.#variant === 'lost')
      setTimeout(() => this.#emit({ kind: 'lost', reason: 'the driver was reset', recovered: false }), 2500);
    if (this.#variant === 'recovered')
      setTimeout(() => this.#emit({ kind: 'lost', reason: '', recovered: true }), 2500);
    if (this.#variant === 'fault')
      setTimeout(
        () =>
          this.#emit({
            kind: 'fault',
            error: {
              name: 'GpuFault',
              message: 'Validation error: binding 2 is too small.',
              remedy: 'Reload and try again with a smaller image size or batch.',
            },
          }),
        2500,
      );
    return mockAdapter();
  }

  async configure(params: Params) {
    if (!['mini_resnet', 'mobilenetv2_100'].includes(params.backbone)) {
      throw new ReportedError({
        name: 'BackboneNotHere',
        message: `The weights of ${params.backbone} are not here.`,
        remedy: 'Load its .safetensors file (button beside the backbone), or choose mini_resnet.',
      });
    }
    this.#params = params;
    return this.#featureReport();
  }

  #featureReport() {
    return {
      height: SIDE,
      width: SIDE,
      channels: 32,
      sigma: 0.42,
      backbone: this.#params?.backbone ?? 'mini_resnet',
      parameters: 680_000,
    };
  }

  async loadBackbone({ name, bytes }: { name: string; bytes: ArrayBuffer }) {
    await wait(300);
    if (bytes.byteLength < 1000) {
      throw new ReportedError({
        name: 'WeightsDamaged',
        message: `${name}: its header says 4096 bytes, the file has ${bytes.byteLength}.`,
        remedy: 'Download the file again; the present backbone stays in use.',
      });
    }
    this.#params = { ...this.#params!, backbone: 'mobilenetv2_100' };
    return this.#featureReport();
  }

  async addImages(files: ImageFile[]) {
    const refused = [];
    for (const { bytes, name, id, split, label, type } of files) {
      try {
        const { cells, thumbnail, width, height } = await cellColours(bytes);
        this.#images.set(id, { id, name, split, label, type, cells });
        this.#emit({ kind: 'decoded', id, width, height, thumbnail, notices: [] });
      } catch (error) {
        refused.push({
          id,
          name,
          error: {
            ...toReport(error),
            name: 'NotAnImage',
            message: 'This is not a PNG, JPEG or WebP image.',
            remedy: 'Open it in an image editor and save it as PNG.',
          },
        });
      }
    }
    const total = this.#images.size;
    for (let done = Math.max(0, total - files.length); done <= total; done++)
      this.#emit({ kind: 'features', done, total });
    return { added: files.map(({ id }) => id), refused };
  }

  async removeImages(ids: ImageId[]) {
    ids.forEach((id) => this.#images.delete(id));
  }

  async labelImages({ ids, label, type }: { ids: ImageId[]; label: 0 | 1 | null; type: string }) {
    for (const id of ids) {
      const image = this.#images.get(id);
      if (image) this.#images.set(id, { ...image, label, type });
    }
  }

  async features() {
    return this.#featureReport();
  }

  async train(): Promise<TrainReport> {
    if (!this.#run) this.#begin(false);
    return this.#finish();
  }

  #begin(paused: boolean) {
    const { epochs1, epochs2, batch } = this.#params!;
    const count = [...this.#images.values()].filter(({ split }) => split === 'train').length;
    const steps = Math.ceil(count / batch) * (epochs1 + epochs2);
    this.#run = {
      step: 0,
      steps,
      losses: { 1: [], 2: [] },
      paused,
      cancelled: false,
      started: performance.now(),
    };
    this.#emit({ kind: 'phase', text: 'Warming up: compiling kernels' });
  }

  async #finish(): Promise<TrainReport> {
    await wait(700);
    const run = this.#run!;
    while (run.step < run.steps && !run.cancelled) {
      await wait(STEP_MS);
      if (!run.paused) this.#advance(run);
    }
    const report: TrainReport = {
      outcome: run.cancelled ? 'cancelled' : 'finished',
      seconds: (performance.now() - run.started) / 1000,
      stageMs: [1000, 3000],
      losses: run.losses,
      fusionValue: this.#params!.fusion === 'w' ? -0.15 : this.#params!.lambda,
    };
    this.#run = null;
    this.#emit({ kind: 'trained', report });
    return report;
  }

  #advance(run: Run) {
    const { epochs1, epochs2 } = this.#params!;
    run.step += 1;
    const perEpoch = run.steps / (epochs1 + epochs2);
    const stage: Stage = run.step <= perEpoch * epochs1 ? 1 : 2;
    const within = stage === 1 ? run.step : run.step - perEpoch * epochs1;
    const loss =
      (stage === 1 ? 1 : 0.6) *
        Math.exp(-within / (perEpoch * 3)) *
        (0.9 + 0.2 * Math.abs(Math.sin(run.step * 12.9898))) +
      0.05;
    run.losses[stage].push(loss);
    this.#skill = run.step / run.steps;
    this.#emit({
      kind: 'progress',
      progress: {
        stage,
        epoch: Math.ceil(within / perEpoch),
        epochs: stage === 1 ? epochs1 : epochs2,
        step: run.step,
        steps: run.steps,
        loss,
        secondsLeft: run.step > 3 ? ((run.steps - run.step) * STEP_MS) / 1000 : null,
      },
      memory: { gpuBytes: 48e6, tensors: 212 },
    });
  }

  async pause() {
    if (this.#run) this.#run.paused = true;
  }
  async resume() {
    if (this.#run) this.#run.paused = false;
  }
  async step() {
    if (!this.#run) {
      this.#begin(true);
      void this.#finish();
    }
    await wait(STEP_MS);
    this.#advance(this.#run!);
  }
  async cancel() {
    if (this.#run) this.#run.cancelled = true;
  }

  async saveModel() {
    return new ArrayBuffer(16);
  }
  async loadModel() {
    await wait(100);
    this.#skill = 1;
  }
  async attachCanvas(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  async show(view: View): Promise<Shown> {
    return (await this.#live.submit(view)) ?? { superseded: true };
  }

  async #draw(view: View): Promise<Shown> {
    const begin = performance.now();
    await this.#trainingImages();
    this.#shown = view;
    if (this.#skill === null) return { superseded: false, score: null, extremes: null, ms: 0, trained: true };
    const map = this.#map(view, view.map);
    const extremes: [number, number] = [Math.min(...map), Math.max(...map)];
    this.#paint(view, map, view.range ?? extremes);
    const score = Math.max(...this.#map(view, 'fused'));
    return {
      superseded: false,
      score,
      extremes,
      ms: performance.now() - begin,
      trained: view.fusionValue === null,
    };
  }

  /** The pretended model is made of the training images, which come after the image on screen. */
  async #trainingImages() {
    for (let i = 0; i < 40 && (i === 0 || this.#images.size < 20); i++) await wait(12);
  }

  #map(view: Pick<View, 'image' | 'block' | 'refine' | 'fusionValue'>, kind: View['map']): Float32Array {
    const mask = view.block ? blockMask(view.block, SIDE, SIDE) : new Uint8Array(SIDE * SIDE);
    if (kind === 'mask') return Float32Array.from(mask);
    const image = this.#images.get(view.image);
    const distances = image ? mockScores(image.cells, this.#trainCells()) : new Float32Array(SIDE * SIDE);
    const strength = view.block?.intensity ?? 0;
    const gain = view.refine ? 1 : 1.3;
    return distances.map((distance, i) => {
      const found =
        distance * gain * (0.35 + 0.65 * this.#skill!) +
        Math.abs(mask[i]! * strength) * 0.25 +
        (view.fusionValue ?? 0) * 0.2;
      return kind === 'abnormal' ? found * 0.5 - 1 : kind === 'normal' ? found * 0.8 + 0.2 : found;
    });
  }

  #trainCells(): Cells[] {
    return [...this.#images.values()].filter(({ split }) => split === 'train').map(({ cells }) => cells);
  }

  #paint(view: View, map: Float32Array, range: [number, number]) {
    const context = this.#canvas?.getContext('2d');
    if (!this.#canvas || !context) return;
    const { width: outWidth, height: outHeight } = this.#canvas;
    const lut = colormap(view.colormap);
    const pixels = paintOverlay({
      map,
      width: SIDE,
      height: SIDE,
      outWidth,
      outHeight,
      range,
      lut,
      opacity: view.opacity,
      fade: view.fade ?? 0,
      threshold: view.threshold,
    });
    context.putImageData(new ImageData(pixels, outWidth, outHeight), 0, 0);
  }

  async readPixel({ x, y }: { x: number; y: number }) {
    const view = this.#shown;
    if (!view || this.#skill === null) return null;
    const at = Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE);
    const value = (kind: View['map']) => this.#map(view, kind)[at]!;
    return { fused: value('fused'), normal: value('normal'), abnormal: value('abnormal') };
  }

  async scoreAll({ refine }: { refine: boolean }) {
    const images = [];
    const all = [...this.#images.values()];
    for (const [done, { id }] of all.entries()) {
      if (done % 4 === 0) await wait(20);
      this.#emit({ kind: 'scored', done: done + 1, total: all.length });
      images.push({
        id,
        score: Math.max(...this.#map({ image: id, block: null, refine, fusionValue: null }, 'fused')),
      });
    }
    const normal = images.filter(({ id }) => this.#images.get(id)!.label === 0).map(({ score }) => score);
    const top = Math.max(1, ...images.map(({ score }) => score));
    const metrics = {
      image_auroc: 0.93,
      image_ap: 0.95,
      image_f1_max: 0.9,
      pixel_auroc: 0.97,
      pixel_ap: 0.41,
      aupro30: 0.82,
    };
    return {
      images,
      metrics,
      perType: {},
      threshold: {
        value: Math.max(...normal.toSorted((a, b) => a - b).slice(0, -1)),
        source: 'labelled test images' as const,
      },
      ranges: {
        fused: [0, top] as [number, number],
        normal: [0, top] as [number, number],
        abnormal: [-1, top / 2] as [number, number],
      },
      msPerImage: 9,
    };
  }

  async readMap({ image, map }: Calls['readMap']['in']) {
    return {
      width: SIDE,
      height: SIDE,
      values: this.#map(
        { image, block: null, refine: true, fusionValue: null },
        map,
      ) as Float32Array<ArrayBuffer>,
    };
  }
  async memory() {
    return { gpuBytes: 48e6, tensors: 212 };
  }
  async close() {
    this.#listeners.clear();
  }
}

/** @param variant '', or a failure to play: nogpu, noadapter, limits, lost, recovered, fault */
export function createMockEngine(variant = ''): Engine {
  const mock = new MockEngine(variant);
  // A class's methods sit on its prototype; the interface is called without `this`.
  const bound = (name: string) => (mock[name as keyof MockEngine] as (input: never) => unknown).bind(mock);
  const names = Object.getOwnPropertyNames(MockEngine.prototype).filter((name) => name !== 'constructor');
  return Object.fromEntries(names.map((name) => [name, bound(name)])) as unknown as Engine;
}
