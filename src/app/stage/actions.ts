// Looking: which image, which threshold, where the block lies, what the pointer reads.
import { engine } from '../shell/engineLink';
import { mayUse } from '../lesson/guardLesson';
import { arranged } from '../images/arrange';
import { imagesOf, isTraining, threshold } from '../shell/selectors';
import { getState, patch } from '../shell/store';
import { setParams } from '../settings/actions';
import { cellsOf } from './cells';

export function selectImage(id: string | null): void {
  patch('data', { selected: id });
  patch('view', { reading: null });
}

/** Selects the next or previous image in the order of the grids: test images first, as they stand on screen. */
export function selectNeighbour(step: 1 | -1): void {
  const state = getState();
  const { data, scores } = state;
  const test = arranged(imagesOf(data, 'test'), scores.byId, threshold(state), data.arrangement);
  const order = [...imagesOf(data, 'train'), ...imagesOf(data, 'validation'), ...test].map(({ id }) => id);
  if (order.length === 0) return;
  const at = data.selected === null ? -1 : order.indexOf(data.selected);
  selectImage(order[(at + step + order.length) % order.length]!);
}

export function setThreshold(threshold: number | null): void {
  if (mayUse('scores')) patch('view', { threshold });
}

export function setFusionValue(fusionValue: number | null): void {
  if (mayUse('fusion')) patch('view', { fusionValue });
}

export const setFilter = (filter: [number, number] | null) => patch('data', { filter });

/** Moves the block by cells, staying on the map. */
export function moveBlock(dx: number, dy: number): void {
  const { params } = getState();
  placeBlock(params.fbpX + dx, params.fbpY + dy);
}

export function placeBlock(x: number, y: number): void {
  const { width, height } = cellsOf(getState()) ?? { width: 16, height: 16 };
  const inside = (value: number, size: number) => Math.min(size - 1, Math.max(0, Math.round(value)));
  setParams({ fbpOn: true, fbpX: inside(x, width), fbpY: inside(y, height) });
}

let reading = false;
let wanted: { x: number; y: number } | null = null;

/** Reads all branches at a place of the image, one question at a time; the latest place wins. Null: pointer gone. */
export function readAt(place: { x: number; y: number } | null): void {
  wanted = place;
  if (place === null) return patch('view', { reading: null });
  // Old numbers stay until the new ones come; where none will come they would be wrong.
  const old = canRead() ? getState().view.reading : null;
  patch('view', { reading: { ...old, ...place } });
  if (!reading) void readOn();
}

const canRead = () => engine() !== null && getState().view.painted !== null && !isTraining(getState());

/** Reads again where the pointer rests: the maps under it are new. */
export function readAgain(): void {
  const { reading: at } = getState().view;
  if (at) readAt({ x: at.x, y: at.y });
}

async function readOn(): Promise<void> {
  reading = true;
  while (wanted && canRead()) {
    const place = wanted;
    wanted = null;
    const answer = await engine()!
      .readPixel(place)
      .catch(() => null);
    if (getState().view.reading) patch('view', { reading: { ...place, ...answer } });
  }
  reading = false;
}
