// A fake engine with the manners of the real one: same calls, same events, made-up mathematics (distance of each
// cell's colour from the training images' mean). For interface tests, and for working on the interface with
// `?mock` in development. Never part of a production build.
import { colormap } from '../lib/overlay/colormaps';
import { blockMask } from '../lib/methods/grad/blocks';
import { NothingNormal, NotTraining } from '../engine/api/errors';
import { NewestWins } from '../engine/answers/newestWins';
import type {
  Calls,
  ExportedModel,
  Engine,
  EngineEvent,
  ImageFile,
  ImageId,
  Inside,
  InsideCell,
  PastedScores,
  StashedMap,
  Shown,
  TrainReport,
  View,
} from '../engine/api/types';
import { ReportedError, toReport } from '../lib/errors';
import { paintOverlay } from '../lib/overlay/paintOverlay';
import type { Params } from '../settings/table';
import { failToOpen, laterFailure } from './mockFailures';
import { cellColours, frameColours, SIDE, type Cells } from './mockFeatures';
import { MOCK_CELL, mockInside } from './mockInside';
import { mockAdapter, mockScores, wait } from './mockParts';
import { mockTable, refusal, weightsMissing } from './mockReports';
import { fileOf, mockTrials, NOTHING_TAUGHT, quirkOf, readTaught, taughtBy, type Taught } from './mockModels';
import { MockTraining } from './mockTraining';
import { MockWeights } from './mockWeights';

interface MockImage extends Omit<ImageFile, 'bytes' | 'mask'> {
  cells: Cells;
}

type MapRequest = Pick<View, 'image' | 'block' | 'refine' | 'fusionValue'>;

const FAILURE_AFTER_MS = 2500;

class MockEngine {
  readonly #variant: string;
  readonly #images = new Map<ImageId, MockImage>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #live = new NewestWins((view: View) => this.#draw(view));
  readonly #weights = new MockWeights((event) => this.#emit(event));
  readonly #here = ['mini_resnet'];
  #canvas: OffscreenCanvas | null = null;
  #params: Params | null = null;
  #hasModel = false;
  #shown: View | null = null;
  #run: MockTraining | null = null;
  /** What the model in use was taught, and those set aside. */
  #taught: Taught = NOTHING_TAUGHT;
  readonly #stashed = new Map<string, Taught>();

  constructor(variant: string) {
    this.#variant = variant;
  }

  subscribe(listener: (event: EngineEvent) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly #emit = (event: EngineEvent): void => this.#listeners.forEach((listener) => listener(event));

  async open() {
    await wait(150);
    failToOpen(this.#variant);
    const later = laterFailure(this.#variant);
    if (later) setTimeout(() => this.#emit(later), FAILURE_AFTER_MS);
    return mockAdapter();
  }

  async configure(params: Params) {
    const { backbone } = params;
    if (!this.#here.includes(backbone) && !this.#weights.has(backbone)) throw weightsMissing(backbone);
    this.#params = params;
    return this.features();
  }

  /** A name with "model" in it says nothing of the architecture. */
  async loadBackbone({ name, bytes, as }: Calls['loadBackbone']['in']) {
    if (bytes.byteLength < 1000) {
      const message = `${name}: its header says 4096 bytes, the file has ${bytes.byteLength}.`;
      throw new ReportedError({ name: 'BadSafetensors', message, remedy: 'Download the file again.' });
    }
    const doubtful = name.includes('model') && as === undefined;
    const backbone = as ?? (doubtful ? 'efficientnet_b0' : 'mobilenetv2_100');
    this.#here.push(backbone);
    this.#params = { ...this.#params!, backbone };
    return { ...(await this.features()), alternatives: doubtful ? ['tf_efficientnet_b0'] : [] };
  }

  async downloadBackbone({ id, hub, taps = 'standard' }: Calls['downloadBackbone']['in']) {
    await this.#weights.download(id, hub);
    this.#params = { ...this.#params!, backbone: id, taps };
    return this.features();
  }

  async cancelDownload() {
    this.#weights.cancel();
  }

  async backboneOffers({ wanted, taps }: Calls['backboneOffers']['in']) {
    return this.#weights.offers(this.#here, wanted, taps);
  }

  async cachedWeights() {
    return this.#weights.list();
  }

  async clearWeights() {
    this.#weights.clear();
  }

  async features() {
    const { backbone, taps } = this.#params ?? { backbone: 'mini_resnet', taps: 'standard' };
    return { height: SIDE, width: SIDE, channels: 32, sigma: 0.42, backbone, taps, parameters: 680_000 };
  }

  async addImages(files: ImageFile[]) {
    const refused = [];
    for (const file of files) {
      try {
        await this.#take(file);
      } catch (error) {
        refused.push(refusal(file, toReport(error)));
      }
    }
    const total = this.#images.size;
    this.#emit({ kind: 'features', done: total - 1, total });
    this.#emit({ kind: 'features', done: total, total });
    return { added: files.map(({ id }) => id), refused };
  }

  async #take({ id, name, split, label, type, bytes }: ImageFile): Promise<void> {
    const { cells, thumbnail, width, height } = await cellColours(bytes);
    this.#images.set(id, { id, name, split, label, type, cells });
    this.#emit({
      kind: 'decoded',
      id,
      width,
      height,
      orientation: 1,
      thumbnail,
      showable: true,
      notices: [],
    });
  }

  async removeImages(ids: ImageId[]) {
    ids.forEach((id) => this.#images.delete(id));
  }

  async labelImages({ ids, label, type }: Calls['labelImages']['in']) {
    for (const id of ids) {
      const image = this.#images.get(id);
      if (image) this.#images.set(id, { ...image, label, type });
    }
  }

  async setMask({ id, label, type }: Calls['setMask']['in']): Promise<[]> {
    await this.labelImages({ ids: [id], label, type });
    return [];
  }

  async picture(): Promise<Blob> {
    return new Blob();
  }

  async exportOnnx({ configuration, precision }: Calls['exportOnnx']['in']): Promise<ExportedModel> {
    const file = new Blob([`${configuration.method} ${precision}`]);
    return { file, metadata: { 'grad.method': String(configuration.method), 'grad.precision': precision } };
  }

  async scoreFrame({ pixels, width, height, refine }: Calls['scoreFrame']['in']) {
    const cells = frameColours(pixels, width, height);
    const values = mockScores(cells, this.#training()).map((value) => value * (refine ? 1 : 1.3));
    return { score: Math.max(...values), map: { width: SIDE, height: SIDE, values }, ms: 1 };
  }

  async train(): Promise<TrainReport> {
    return this.#begin(false);
  }

  async resumeTraining(file: ArrayBuffer): Promise<TrainReport> {
    return this.#begin(false, file);
  }

  async checkpoint() {
    return this.#run?.checkpoint() ?? null;
  }

  async #begin(paused: boolean, from?: ArrayBuffer): Promise<TrainReport> {
    this.#run = new MockTraining(this.#params!, this.#training().length, paused, this.#emit);
    if (from) this.#run.resumeTraining(from);
    const report = await this.#run.run();
    this.#run = null;
    this.#hasModel ||= report.outcome === 'finished';
    if (report.outcome === 'finished') this.#taught = taughtBy(this.#params!);
    // As in the real one: who hears of it finds the model there.
    this.#emit({ kind: 'trained', report });
    return report;
  }

  async pause() {
    if (this.#run) this.#run.paused = true;
  }

  async resume() {
    if (this.#run) this.#run.paused = false;
  }

  async step() {
    if (!this.#run) void this.#begin(true);
    await wait(50);
    this.#run!.advance();
  }

  async cancel() {
    if (!this.#run) throw new NotTraining();
    this.#run.cancelled = true;
  }

  async saveModel() {
    return fileOf(this.#taught);
  }

  async loadModel(file: ArrayBuffer) {
    await wait(100);
    this.#taught = readTaught(file);
    this.#hasModel = true;
  }

  async attachCanvas(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
  }

  async show(view: View): Promise<Shown> {
    return (await this.#live.submit(view)) ?? { superseded: true };
  }

  async #draw(view: View): Promise<Shown> {
    const begin = performance.now();
    // The pretended model is made of the training images, which come after the image on screen.
    for (let i = 0; i < 40 && (i === 0 || this.#images.size < 20); i++) await wait(12);
    this.#shown = view;
    if (!this.#hasModel && !this.#run)
      return { superseded: false, score: null, extremes: null, ms: 0, trained: true };
    const map = this.#map(view, view.map);
    const extremes: [number, number] = [Math.min(...map), Math.max(...map)];
    this.#paint(view, map, view.range ?? extremes);
    const ms = performance.now() - begin;
    return { superseded: false, score: this.#score(view), extremes, ms, trained: view.fusionValue === null };
  }

  #score(request: MapRequest): number {
    return Math.max(...this.#map(request, 'fused', this.#taught));
  }

  #map(
    { image, block, refine, fusionValue }: MapRequest,
    kind: View['map'],
    taught = this.#taught,
  ): Float32Array<ArrayBuffer> {
    const mask = block ? blockMask(block, SIDE, SIDE) : new Uint8Array(SIDE * SIDE);
    if (kind === 'mask') return Float32Array.from(mask);
    const cells = this.#images.get(image)?.cells ?? new Float32Array(4 * SIDE * SIDE);
    const gain = (refine ? 1 : 1.3) * (0.35 + 0.65 * (this.#run?.skill ?? 1));
    return mockScores(cells, this.#training()).map((distance, i) => {
      const pasted = Math.abs(mask[i]! * (block?.intensity ?? 0)) * 0.25;
      const found = quirkOf(taught, image, i) * (distance * gain + pasted) + (fusionValue ?? 0) * 0.2;
      return kind === 'abnormal' ? found * 0.5 - 1 : kind === 'normal' ? found * 0.8 + 0.2 : found;
    });
  }

  #training(): Cells[] {
    return [...this.#images.values()].filter(({ split }) => split === 'train').map(({ cells }) => cells);
  }

  #paint(
    { opacity, fade = 0, threshold, colormap: name }: View,
    map: Float32Array,
    range: [number, number],
  ): void {
    const context = this.#canvas?.getContext('2d');
    if (!this.#canvas || !context) return;
    const { width: outWidth, height: outHeight } = this.#canvas;
    const size = { width: SIDE, height: SIDE, outWidth, outHeight };
    const pixels = paintOverlay({ map, ...size, range, lut: colormap(name), opacity, fade, threshold });
    context.putImageData(new ImageData(pixels, outWidth, outHeight), 0, 0);
  }

  async readPixel({ x, y }: Calls['readPixel']['in']) {
    if (!this.#shown) return null;
    const at = Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE);
    const value = (kind: View['map']) => this.#map(this.#shown!, kind)[at]!;
    return { fused: value('fused'), normal: value('normal'), abnormal: value('abnormal') };
  }

  async profileShow() {
    if (!this.#shown) return null;
    return [
      { shader: 'convolution', dispatches: 4, milliseconds: 1.5 },
      { shader: 'normalise', dispatches: 8, milliseconds: 0.5 },
    ];
  }

  async showInside({ image, cell }: Calls['showInside']['in']): Promise<Inside> {
    const inside = mockInside(this.#images.get(image)?.cells ?? new Float32Array(4 * SIDE * SIDE));
    return { ...inside, cell: cell === null ? null : await this.readInside(cell) };
  }

  async readInside(cell: number): Promise<InsideCell> {
    return { ...MOCK_CELL, cell };
  }

  async scoreAll({ refine, ...wish }: Calls['scoreAll']['in']) {
    const all = [...this.#images.values()];
    const scored = [];
    for (const [done, { id, label, split, type }] of all.entries()) {
      if (done % 4 === 0) await wait(20);
      this.#emit({ kind: 'scored', done: done + 1, total: all.length });
      scored.push({
        id,
        label,
        split,
        type,
        score: this.#score({ image: id, block: null, refine, fusionValue: null }),
      });
    }
    return mockTable(scored, wish);
  }

  async readMap({ image, map, refine }: Calls['readMap']['in']) {
    const values = this.#map({ image, block: null, refine, fusionValue: null }, map);
    return { width: SIDE, height: SIDE, values };
  }

  async stashModel(name: string) {
    this.#stashed.set(name, this.#taught);
    return new Blob([fileOf(this.#taught)]);
  }

  async keepStashed({ name, file }: Calls['keepStashed']['in']) {
    this.#stashed.set(name, readTaught(await file.arrayBuffer()));
  }

  async dropStashed(names: string[]) {
    names.forEach((name) => this.#stashed.delete(name));
  }

  async readStashed({ image, models, refine }: Calls['readStashed']['in']): Promise<StashedMap[]> {
    await wait(30);
    return models.map((name) => {
      const taught = this.#stashed.get(name);
      if (!taught) return { map: null, score: null, missing: 'model' };
      const values = this.#map({ image, block: null, refine, fusionValue: null }, 'fused', taught);
      return { map: { width: SIDE, height: SIDE, values }, score: Math.max(...values), missing: null };
    });
  }

  async pasteBlocks({ sizes, intensities, trials, seed }: Calls['pasteBlocks']['in']): Promise<PastedScores> {
    const normal = [...this.#images.values()].filter(({ label }) => label === 0);
    if (normal.length === 0) throw new NothingNormal();
    const drawn = mockTrials({ sizes, intensities, trials, seed }, normal.map(({ id }) => id)); // prettier-ignore
    const scored = drawn.map(({ image, block }) => {
      return { image, block, score: this.#score({ image, block, refine: true, fusionValue: null }) };
    });
    for (let done = 0; done < 4; done++) {
      await wait(20);
      this.#emit({ kind: 'pasted', done: done + 1, total: 4 });
    }
    return { heldOut: true, trials: scored };
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
