// Scores every image and, where masks are there, every pixel of the test images: the table behind the histogram,
// the metrics and the command line's JSON.
import { tf } from '../../lib/gpu/tf';
import type { MapLayout } from '../../lib/framing';
import { answer, enlarge, type AnomalyMaps, type Answer } from '../../lib/scoring/answer';
import { readFiniteScores, withFiniteCheck } from '../../lib/scoring/finiteScores';
import { saturatedRegions, type SaturatedRegions } from '../../lib/scoring/metrics/saturation';
import { enlargeMap } from '../../lib/scoring/metrics/enlargeMap';
import { imagePixels } from '../../lib/scoring/metrics/imagePixels';
import { curvesOf, pixelDetailOf, pixelDetailPerClass, resampleAll } from '../../lib/scoring/metrics/detail';
import { summarise, type Evaluated, type Summary } from '../../lib/scoring/metrics/summary';
import { suggestThreshold } from '../../lib/scoring/metrics/threshold';
import { isDetector } from '../../lib/methods/detector';
import { Random } from '../../lib/nn/random';
import type { PreparedMask } from '../../lib/images/prepare';
import { answerParts, type Parts } from './parts';
import { pixelSample } from './pixelSample';
import type { ImageResult, MapName, PixelsKept, Range, ScoredBefore } from './scoredBefore';
import { readScoredMap, mapScoringOf, tidyWith } from './scoredMap';
import { referenceNotices, setNotices } from './setNotices';
import type { PartId } from '../features/imageParts';
import type { ImageStore, StoredImage } from '../features/imageStore';
import { NoModel, ScoringOutdated } from '../api/errors';
import type { ModelState } from '../models/modelState';
import type { Calls, ImageId, MapData, ScoreTable } from '../api/types';

export type ScoringSettings = Calls['scoreAll']['in'];

export interface ScoringSources {
  images: ImageStore;
  /** Raw phi [1, H, W, C] of a part of an image; disposed here. */
  features(part: PartId): Promise<tf.Tensor4D>;
  state: ModelState;
  /** Whether `state` still answers for the features that `features` gives. */
  current(): boolean;
  /** What was found before, for a request that may use it. */
  before?: ScoredBefore;
  /** Images a pass. */
  batch: number;
  /** Bytes of pixels that figures may be computed from. */
  pixelBudget: number;
  onProgress(done: number, total: number): void;
}

const MAP_NAMES = ['fused', 'normal', 'abnormal'] as const satisfies readonly (MapName & keyof AnomalyMaps)[];

/** What several images give, one entry an image. */
interface Results {
  scores: number[];
  pixels: (PixelsKept | null)[];
  extremes: ImageResult['extremes'][];
}

/** Scores all images with the present model. @throws GpuFault, ScoringOutdated, ScoreNotFinite */
export async function scoreAllImages(
  sources: ScoringSources,
  settings: ScoringSettings,
): Promise<ScoreTable> {
  const start = performance.now();
  const test = sources.images.of('test');
  const train = sources.images.of('train');
  const validation = sources.images.of('validation');
  const all = [...test, ...train, ...validation];
  const progress = counter(all.length, sources.onProgress);
  const before = settings.reuse ? sources.before : undefined;
  before?.begin(sources.state, howOf(sources, settings));
  const atMask = settings.metricsAt === 'mask';
  const area = (image: StoredImage) => (atMask ? image.width * image.height : areaOf(sources, image));
  const sample = pixelSample(test, area, sources.pixelBudget);
  const using = { ...sources, before };
  const tested = await scoreImages(using, settings, test, sample.has, progress);
  const trained = await scoreTraining(using, settings, train, progress);
  const validated = await scoreImages(using, settings, validation, () => false, progress);
  const ms = performance.now() - start;

  checkCurrent(sources, all);
  const labels = test.map(({ label }) => label);
  const types = test.map(({ type }) => type);
  const pixels = tested.pixels.map((kept) => kept?.image ?? null);
  const evaluated = { scores: tested.scores, labels, types, pixels };
  const summary = summarise(evaluated);
  const scored = (images: StoredImage[], scores: number[]) =>
    images.map(({ id }, i) => ({ id, score: scores[i]! }));
  return {
    images: [
      ...scored(test, tested.scores),
      ...scored(train, trained.scores),
      ...scored(validation, validated.scores),
    ],
    ...summary,
    ...sample.sampled,
    ...detailsOf(evaluated, summary, settings, tested.pixels.map((kept) => kept?.regions ?? null)), // prettier-ignore
    threshold: thresholdOf(
      { images: test, scores: tested.scores },
      { images: [...train, ...validation], scores: [...trained.scores, ...validated.scores] },
      trained.judged,
    ),
    ranges: rangesOf([...tested.extremes, ...trained.extremes, ...validated.extremes]),
    msPerImage: ms / Math.max(1, all.length),
    pixelRange: sources.images.range,
    notices: [
      ...setNotices(sources.images, tested.scores),
      ...(trained.judged ? referenceNotices(references(sources, train, trained.scores)) : []),
    ],
  };
}

/** What decides scores and pixels besides the model and the image. */
const howOf = ({ images }: ScoringSources, settings: ScoringSettings): string =>
  JSON.stringify([mapScoringOf(settings), settings.invertMasks ?? images.invertMasks, settings.emptyMasks, settings.metricsAt, settings.pixelDetail, images.framing, images.range]); // prettier-ignore

/** What was asked for beyond the figures. */
function detailsOf(
  evaluated: Evaluated,
  summary: Summary,
  { resamples, curves, pixelDetail }: ScoringSettings,
  regions: readonly (SaturatedRegions | null)[],
): Pick<ScoreTable, 'resampled' | 'curves' | 'pixelDetail' | 'detailPerClass'> {
  // The model's seed plays no part: runs of other seeds and methods must draw the same images.
  const randomFor = (name: string) => Random.stream(0, `bootstrap ${name}`);
  return {
    ...(resamples && { resampled: resampleAll(evaluated, summary, { count: resamples, randomFor }) }),
    ...(curves && { curves: curvesOf(evaluated) }),
    ...(pixelDetail && {
      pixelDetail: pixelDetailOf(evaluated, pixelDetail.saturation, regions),
      detailPerClass: pixelDetailPerClass(evaluated, pixelDetail.saturation, regions),
    }),
  };
}

/** Pixels of an image's map. */
function areaOf({ images }: ScoringSources, { id }: Pick<StoredImage, 'id'>): number {
  const { columns, rows } = images.parts(id).layout;
  return columns.size * rows.size;
}

/** An image that is here as the network looks at it. */
export function partsOf(
  { images, features }: Pick<ScoringSources, 'images' | 'features'>,
  id: ImageId,
): Parts {
  const { ids, layout } = images.parts(id);
  return { count: ids.length, layout, phi: (part) => features(ids[part]!) };
}

/**
 * One map as numbers, S x S or of the image's shape: the fused one smoothed, the branches' as they are.
 * @throws NoModel for a missing branch, ScoringOutdated, ScoreNotFinite, GpuFault
 */
export async function readAnomalyMap(
  sources: ScoringSources,
  { image, map, ...scoring }: Calls['readMap']['in'],
): Promise<MapData> {
  const { images, state, current, batch } = sources;
  const check = () => {
    if (!current()) throw new ScoringOutdated();
  };
  const parts = partsOf(sources, image);
  const found = await answerParts(state, parts, mapScoringOf(scoring), { check, batch });
  const tensors = tidyWith(found as Answer & tf.NamedTensorMap, () => {
    const { layout } = parts;
    const shown =
      map === 'fused' ? found.scored.clone() : found.maps[map] && enlarge(found.maps[map], layout);
    if (!shown) throw new NoModel();
    return { map: shown, checked: withFiniteCheck(found) };
  });
  return (await readScoredMap(tensors, images.nameOf(image))).map;
}

/** @throws ScoringOutdated */
function checkCurrent({ current, images }: ScoringSources, scored: StoredImage[]): void {
  if (!current() || scored.some(({ id }) => !images.get(id))) throw new ScoringOutdated();
}

/** Raw features of a batch; when one of them fails, the others are not left behind. */
async function rawFeatures(sources: ScoringSources, images: StoredImage[]): Promise<tf.Tensor4D[]> {
  const answers = await Promise.allSettled(images.map(({ id }) => sources.features(id)));
  const raw = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  try {
    checkCurrent(sources, images);
    if (failed) throw failed.reason;
    return raw;
  } catch (error) {
    tf.dispose(raw);
    throw error;
  }
}

async function scoreImages(
  sources: ScoringSources,
  settings: ScoringSettings,
  images: StoredImage[],
  wantsMap: (image: StoredImage) => boolean,
  progress: (count: number) => void,
): Promise<Results> {
  const { before } = sources;
  const results = new Map<StoredImage, ImageResult>();
  for (const image of before ? images : []) {
    const known = before!.find(image, wantsMap(image));
    if (known) results.set(image, known);
  }
  if (results.size > 0) progress(results.size);
  const left = images.filter((image) => !results.has(image));
  for (const batch of batchesOf(sources, left)) {
    const found = await scoreBatch(sources, settings, batch, batch.map(wantsMap));
    for (const [i, image] of batch.entries()) {
      results.set(image, found[i]!);
      before?.keep(image, wantsMap(image), found[i]!, areaOf(sources, image));
    }
    progress(batch.length);
  }
  return listed(images.map((image) => results.get(image)!));
}

const listed = (results: readonly ImageResult[]): Results => ({
  scores: results.map(({ score }) => score),
  pixels: results.map(({ pixels }) => pixels),
  extremes: results.map(({ extremes }) => extremes),
});

/** Images that are looked at together: those that lie on their maps alike; one that is cut stands alone. */
function batchesOf({ images, batch }: ScoringSources, all: StoredImage[]): StoredImage[][] {
  const batches: StoredImage[][] = [];
  let before = '';
  for (const image of all) {
    const { ids, layout } = images.parts(image.id);
    const like = ids.length === 1 ? JSON.stringify(layout) : image.id;
    const last = batches.at(-1);
    if (last && like === before && last.length < batch) last.push(image);
    else batches.push([image]);
    before = like;
  }
  return batches;
}

/** The images that were learned from, with their scores. */
function references({ images }: ScoringSources, train: readonly StoredImage[], scores: readonly number[]) {
  const drawn = new Set(images.drawn().map(({ id }) => id));
  return train.map(({ id, name }, i) => ({ id, name, score: scores[i]! })).filter(({ id }) => drawn.has(id));
}

/**
 * Scores of the training images. A model that remembers few of them is asked about each without it: with it, every one would
 * be found again as it is. @returns also which images that could be done for; null where it was not done
 */
async function scoreTraining(
  sources: ScoringSources,
  settings: ScoringSettings,
  images: StoredImage[],
  progress: (count: number) => void,
): Promise<Results & { judged: boolean[] | null }> {
  const { model } = sources.state;
  const asOthers = async () => ({
    ...(await scoreImages(sources, settings, images, () => false, progress)),
    judged: null,
  });
  if (!isDetector(model) || !model.without) return asOthers();
  const drawn = sources.images.drawn().map(({ id }) => id);
  const whole = images.every(({ id }) => sources.images.parts(id).ids.length === 1);
  if (model.references !== drawn.length || !whole) return asOthers();
  const found: Awaited<ReturnType<typeof scoreImages>>[] = [];
  const judged: boolean[] = [];
  for (const image of images) {
    const reference = drawn.indexOf(image.id);
    // One that was not drawn is new to the model.
    const apart = reference < 0 ? null : model.without(reference);
    try {
      const state = { ...sources.state, model: apart ?? model };
      const alone = { ...sources, state, before: undefined };
      found.push(await scoreImages(alone, settings, [image], () => false, progress));
      judged.push(apart !== null || reference < 0);
    } finally {
      apart?.dispose();
    }
  }
  const all = <T>(of: (one: (typeof found)[number]) => T[]) => found.flatMap(of);
  return {
    scores: all((one) => one.scores),
    pixels: all((one) => one.pixels),
    extremes: all((one) => one.extremes),
    judged,
  };
}

async function scoreBatch(
  sources: ScoringSources,
  settings: ScoringSettings,
  images: StoredImage[],
  wantsMap: boolean[],
): Promise<ImageResult[]> {
  const names: MapName[] = [];
  const { layout, found } = await answerBatch(sources, settings, images);
  const tensors = tidyWith(found as Answer & tf.NamedTensorMap, () => {
    // The fused map is shown smoothed, the branches' maps as they are: their extremes are those of the pictures.
    const shown = { ...found.maps, fused: found.scored };
    names.push(...MAP_NAMES.filter((name) => shown[name]));
    const checked = withFiniteCheck(found, ...names.map((name) => ofImages(shown[name]!, images.length)));
    const pixels = wantsMap.includes(true) ? found.scored.clone() : null;
    return { checked, pixels } as BatchTensors & tf.NamedTensorMap;
  });
  try {
    const { maps, scores, extremes } = await readBatch(tensors, names, images, wantsMap);
    const pixels = await pixelsOf(sources, settings, images, layout, maps);
    return scores.map((score, i) => ({ score, pixels: pixels[i]!, extremes: extremes[i]! }));
  } finally {
    tf.dispose(tensors as BatchTensors & tf.NamedTensorMap);
  }
}

/** Of one image that was cut, all its parts' maps count as one. */
const ofImages = (map: tf.Tensor3D, images: number): tf.Tensor3D =>
  map.shape[0] === images ? map : map.reshape<tf.Tensor3D>([images, -1, map.shape[2]]);

/** The caller owns the tensors. */
async function answerBatch(
  sources: ScoringSources,
  settings: ScoringSettings,
  images: StoredImage[],
): Promise<{ layout: MapLayout; found: Answer }> {
  const { state, batch } = sources;
  const { ids, layout } = sources.images.parts(images[0]!.id);
  if (ids.length > 1) {
    const check = () => checkCurrent(sources, images);
    const parts = partsOf(sources, images[0]!.id);
    return { layout, found: await answerParts(state, parts, mapScoringOf(settings), { check, batch }) };
  }
  const raw = await rawFeatures(sources, images);
  const found = tidyWith(raw, () => {
    const phi = raw.length === 1 ? raw[0]! : tf.concat(raw, 0);
    return answer(state, phi, { size: layout, ...mapScoringOf(settings) }) as Answer & tf.NamedTensorMap;
  });
  return { layout, found };
}

/** What figures need of the maps; the maps themselves are not kept. @throws ScoringOutdated */
async function pixelsOf(
  sources: ScoringSources,
  { invertMasks, emptyMasks = false, metricsAt = 'map', pixelDetail }: ScoringSettings,
  images: StoredImage[],
  { columns: { size: width }, rows: { size: height } }: MapLayout,
  maps: (Float32Array | null)[],
): Promise<(PixelsKept | null)[]> {
  const pixels: (PixelsKept | null)[] = [];
  // One after the other: at the size of its mask an image's map is large.
  for (const [i, image] of images.entries()) {
    const { id, label } = image;
    const values = maps[i];
    const whole = metricsAt === 'mask';
    const found = label === 0 || !values ? null : await sources.images.preparedMask(id, { inverted: invertMasks, whole }); // prettier-ignore
    checkCurrent(sources, images);
    if (!values || (label === 1 && !counts(found, emptyMasks))) {
      pixels.push(null);
      continue;
    }
    const mask = found?.mask ?? null;
    const at = mask ?? image;
    const drawn = { width, height, values };
    const map = whole ? enlargeMap(drawn, at.width, at.height) : drawn;
    const apart = pixelDetail && mask ? await sources.images.regions(id, whole) : null;
    pixels.push({ image: imagePixels({ map, mask }), regions: apart && saturatedRegions(map, apart) });
  }
  return pixels;
}

/** Where an anomalous image's defect is unknown, none of its pixels may be called normal. */
const counts = (mask: PreparedMask | null, emptyMasks: boolean): boolean =>
  mask !== null && (mask.marks === 'some' || (emptyMasks && mask.marks === 'nothing'));

/** What scoreBatch() reads back. */
interface BatchTensors {
  /** As withFiniteCheck() gives them. */
  checked: tf.Tensor2D;
  pixels: tf.Tensor3D | null;
}

/** @param names of the maps whose extremes were asked for */
async function readBatch(
  { checked, pixels }: BatchTensors,
  names: readonly MapName[],
  images: readonly StoredImage[],
  wantsMap: boolean[],
): Promise<Omit<Results, 'pixels'> & { maps: (Float32Array | null)[] }> {
  const found = await readFiniteScores(checked, images.map(({ name }) => name)); // prettier-ignore
  const values = await pixels?.data<'float32'>();
  const area = (values?.length ?? 0) / images.length;
  return {
    scores: found.map(({ score }) => score),
    maps: wantsMap.map((wanted, i) => (wanted && values ? values.subarray(i * area, (i + 1) * area) : null)),
    extremes: found.map(({ extremes }) =>
      Object.fromEntries(names.map((name, i) => [name, hull(extremes[i]!)])),
    ),
  };
}

/** Smallest and largest of pairs (low, high). */
function hull(pairs: ArrayLike<number>): Range {
  let range: Range = [Infinity, -Infinity];
  for (let i = 0; i < pairs.length; i += 2)
    range = [Math.min(range[0], pairs[i]!), Math.max(range[1], pairs[i + 1]!)];
  return range;
}

/** Extremes over all images, per map; a map that the method does not have spans nothing. */
function rangesOf(extremes: Results['extremes']): ScoreTable['ranges'] {
  const rangeOf = (name: MapName): Range => {
    const range = hull(extremes.flatMap((of) => of[name] ?? []));
    return range[0] <= range[1] ? range : [0, 0];
  };
  return { fused: rangeOf('fused'), normal: rangeOf('normal'), abnormal: rangeOf('abnormal') };
}

interface Scored {
  images: readonly StoredImage[];
  scores: readonly number[];
}

/**
 * With both classes among the test images the best line there; else the largest score of anything normal.
 * @param judged which of the others, which come first, were judged without themselves; null where none were
 */
function thresholdOf(
  test: Scored,
  others: Scored,
  judged: readonly boolean[] | null,
): ScoreTable['threshold'] {
  const labels = test.images.map(({ label }) => label);
  if (labels.includes(0) && labels.includes(1)) return suggestThreshold(test.scores, labels);
  // Training images count as normal unless someone said otherwise: that is what they were used as.
  // One that a memory could only be asked about with itself in it says nothing.
  const otherLabels = others.images.map(({ label }, i) => (label === 1 || judged?.[i] === false ? null : 0));
  const testLabels = labels.map((label) => (label === 0 ? 0 : null));
  const line = suggestThreshold([...test.scores, ...others.scores], [...testLabels, ...otherLabels]);
  return line && judged ? { ...line, source: 'references left out in turn' } : line;
}

function counter(total: number, report: (done: number, total: number) => void): (count: number) => void {
  let done = 0;
  return (count) => report((done += count), total);
}
