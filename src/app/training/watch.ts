// What a training is watched by: its maps and a few scores, looked at now and then and kept as snapshots that can be gone
// back to; the map and the figure of the model before; the curves of the run before. A small store of its own, loaded with
// the first run.
import { create } from 'zustand';
import type { ImageId, LossCurves, MapData, Stage, Watched } from '../../engine/api/types';
import { isGridMethod } from '../../settings/methods';
import { scoringOf } from '../../settings/scoring';
import { storedMap } from '../keeping/storedMaps';
import { engine } from '../shell/engineLink';
import { imagesOf, isTraining } from '../shell/selectors';
import { getState as getApp } from '../shell/store';

export type Maps = Watched['maps'];

export interface Snapshot {
  step: number;
  steps: number;
  /** Null when the run is over. */
  stage: Stage | null;
  epoch: number;
  epochs: number;
  image: ImageId | null;
  maps: Maps;
  /** The latest known by then. */
  scores: Readonly<Record<ImageId, number>>;
}

/** What the model before made of the image that was on screen. */
export interface Before {
  image: ImageId;
  map: MapData;
  auroc: number | null;
}

interface WatchState {
  snapshots: readonly Snapshot[];
  /** The one that is looked at; null: the newest. */
  at: number | null;
  before: Before | null;
  /** The losses of the run before. */
  ghost: LossCurves | null;
}

const NOTHING: WatchState = { snapshots: [], at: null, before: null, ghost: null };

export const useWatch = create<WatchState>(() => NOTHING);

const { getState, setState } = useWatch;

/** Side of a kept map: a snapshot of three takes 48 kB. */
const SIDE = 64;
/** Snapshots that are kept; beyond it every second goes. */
export const MAX_SNAPSHOTS = 48;
/** Scored along with the maps: a few at a time, round and round. */
const SCORED = 8;
const SCORED_AT_ONCE = 2;
/** A look may take a ninth of the time. */
const SHARE = 8;
const EVERY_MS = 250;

let looking: Promise<void> | null = null;
let next = 0;
let turn = 0;
let scored: ImageId[] = [];

/** Before the first step: notes what the model before makes of the image on screen. */
export async function beginWatch(): Promise<void> {
  const { data, training, scores, model } = getApp();
  const image = data.selected;
  const losses = training.before?.losses ?? null;
  const ghost = losses && (losses[1].length > 0 || losses[2].length > 0 || losses.fit) ? losses : null;
  setState({ ...NOTHING, ghost });
  [turn, next] = [0, 0];
  scored = spread('normal').concat(spread('anomalous'));
  if (image === null || model.source === 'none') return;
  const map = await mapBefore(image);
  const auroc = scores.metrics?.image_auroc ?? null;
  if (map) setState({ before: { image, map: reduced(map), auroc } });
}

async function mapBefore(image: ImageId): Promise<MapData | null> {
  const stored = storedMap(image);
  if (stored) return { ...stored, values: Float32Array.from(stored.values) };
  const seen = await engine()
    ?.watch({ ...scoringOf(getApp().params), images: [] })
    .catch(() => null);
  return seen?.image === image ? seen.maps.fused : null;
}

/** Test images of one kind, spread evenly over the set. */
function spread(kind: 'normal' | 'anomalous'): ImageId[] {
  const label = kind === 'normal' ? 0 : 1;
  const all = imagesOf(getApp().data, 'test').filter((image) => image.label === label);
  const count = Math.min(SCORED, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!.id);
}

/** After a step: looks, when the last look is long enough ago, or the run is held. */
export async function look(): Promise<void> {
  const held = getApp().training.status === 'paused';
  if (looking || (!held && performance.now() < next)) return;
  await lookNow(SCORED_AT_ONCE);
}

/** After the last step: the picture of the finished model, with all scores. */
export async function endWatch(): Promise<void> {
  await looking;
  if (getState().snapshots.length > 0) await lookNow(scored.length);
}

const lookNow = (count: number): Promise<void> => (looking = take(count).finally(() => (looking = null)));

async function take(count: number): Promise<void> {
  const { training, params } = getApp();
  const { progress } = training;
  const method = (training.startedWith ?? params).method;
  if (!progress || progress.stage === null || !isGridMethod(method)) return;
  const images = Array.from({ length: Math.min(count, scored.length) }, (_, i) => {
    return scored[(turn + i) % scored.length]!;
  });
  turn += images.length;
  const began = performance.now();
  const seen = await engine()
    ?.watch({ ...scoringOf(params), images })
    .catch(() => null);
  next = performance.now() + Math.max(EVERY_MS, SHARE * (performance.now() - began));
  if (!seen) return;
  const { step, steps, stage, epoch, epochs } = progress;
  const last = getState().snapshots.at(-1);
  const scores = { ...last?.scores, ...Object.fromEntries(seen.scores.map(({ id, score }) => [id, score])) };
  const { fused, normal, abnormal } = seen.maps;
  const maps: Maps = {
    fused: fused && reduced(fused),
    normal: normal && reduced(normal),
    abnormal: abnormal && reduced(abnormal),
  };
  const over = !isTraining(getApp());
  keep({ step, steps, stage: over ? null : stage, epoch, epochs, image: seen.image, maps, scores });
}

function keep(snapshot: Snapshot): void {
  const { snapshots, at } = getState();
  const thinned = thin([...snapshots, snapshot]);
  // What is looked at stays, as nearly as it is still there.
  setState({
    snapshots: thinned,
    at: at === null ? null : thinned.length <= snapshots.length ? Math.floor(at / 2) : at,
  });
}

/** The first and the last stay. */
export function thin<T>(list: readonly T[]): T[] {
  if (list.length <= MAX_SNAPSHOTS) return [...list];
  return list.filter((_, index) => index % 2 === 0 || index === list.length - 1);
}

/** The one on screen. */
export const snapshotOnScreen = ({ snapshots, at }: WatchState): Snapshot | null =>
  snapshots[at ?? snapshots.length - 1] ?? null;

/** Shows a kept one; the last one follows the run. */
export const showSnapshot = (at: number): void =>
  setState({ at: at >= getState().snapshots.length - 1 ? null : at });

/** A map of at most SIDE cells a side, each the mean of those it covers. */
export function reduced({ width, height, values }: MapData, side = SIDE): MapData {
  const by = Math.ceil(Math.max(width, height) / side);
  if (by <= 1) return { width, height, values };
  const [columns, rows] = [Math.ceil(width / by), Math.ceil(height / by)];
  const small = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++)
      small[y * columns + x] = meanOf(values, width, height, x * by, y * by, by);
  }
  return { width: columns, height: rows, values: small };
}

function meanOf(values: Float32Array, width: number, height: number, left: number, top: number, by: number) {
  let [sum, count] = [0, 0];
  for (let y = top; y < Math.min(top + by, height); y++) {
    for (let x = left; x < Math.min(left + by, width); x++, count++) sum += values[y * width + x]!;
  }
  return sum / count;
}
