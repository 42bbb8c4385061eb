// Keeps the inside view true to the stage: whenever the engine has painted another overlay, the way behind it is asked for,
// one question at a time, the newest wins. The stage comes first: nothing is asked before it has painted, and where the
// adapter is slow the way inside gets a share of the time.
import { create } from 'zustand';
import { NewestWins } from '../../engine/answers/newestWins';
import type { ImageId, Inside, InsideCell, InsideRequest } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { isComparing } from '../compare/events';
import { engine, isOver } from '../shell/engineLink';
import { isTraining, selectedImage } from '../shell/selectors';
import type { AppState } from '../shell/appState';
import { getState, useApp } from '../shell/store';
import { blockOf, viewOf } from '../stage/liveViewRequest';
import type { Painted } from '../stage/viewSlice';
import { strangest } from './places';

/** A cell of a grid that is pointed at. */
export interface PointedCell {
  branch: 'normal' | 'abnormal';
  table: 'local' | 'global';
  /** row * R + column */
  cell: number;
}

interface InsideState {
  /** The last answer, and whose it is. */
  seen: (Inside & { image: ImageId }) | null;
  /** The sum behind the pixel; of the answer or of a read after it. */
  sum: InsideCell | null;
  /** The pixel that someone pointed at, row * width + column; null for the strangest one. */
  pixel: number | null;
  /** Which tile of the image. */
  part: number;
  pointed: PointedCell | null;
  /** Why there is nothing to see. */
  problem: string | null;
}

const NOTHING: InsideState = { seen: null, sum: null, pixel: null, part: 0, pointed: null, problem: null };

export const useInside = create<InsideState>(() => NOTHING);

/** Of so many milliseconds of the engine's time one is for the inside view, on an adapter that has none to spare. */
const SHARE = 3;

let free = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;

const looks = new NewestWins(async (request: InsideRequest) => {
  const cell = useInside.getState().pixel;
  const inside = await engine()!.showInside({ ...request, cell });
  const { software } = getState().engine.adapter ?? { software: true };
  free = performance.now() + (software ? (SHARE - 1) * inside.ms : 0);
  // Another image has come on screen meanwhile.
  if (getState().data.selected !== request.image) return;
  const { sum, part } = useInside.getState();
  useInside.setState({ seen: { ...inside, image: request.image }, sum: inside.cell ?? sum, problem: null });
  if (part !== inside.part) useInside.setState({ part: inside.part });
  if (cell === null || cell !== useInside.getState().pixel) readPixel();
});

const reads = new NewestWins(async (cell: number) => {
  const sum = await engine()!.readInside(cell);
  if (sum) useInside.setState({ sum });
});

let last = '';
/** The overlay whose way was asked for last. */
let followed: Painted | null = null;

/** Watches the page while the view is open. Returns the function that stops it. */
export function startInside(): () => void {
  forget();
  const stop = useApp.subscribe(look);
  look();
  return () => {
    stop();
    clearTimeout(timer);
    useInside.setState(NOTHING);
  };
}

function forget(): void {
  last = '';
  followed = null;
}

function look(): void {
  const state = getState();
  const request = requestOf(state);
  if (!request) return;
  const { painted } = state.view;
  // What changes on the stage is painted first, and asked for then.
  if (viewOf(state) && painted === followed) return;
  const step = isTraining(state) ? (state.training.progress?.step ?? 0) : null;
  const key = JSON.stringify([request, painted?.score, painted?.extremes, step, state.model.source]);
  if (key === last) return void (followed = painted);
  const wait = free - performance.now();
  clearTimeout(timer);
  // Once more when its turn has come: by then it may be another question.
  if (wait > 0) return void (timer = setTimeout(look, wait));
  last = key;
  followed = painted;
  looks.submit(request).catch(fail);
}

function fail(error: unknown): void {
  forget();
  // Another engine will be asked anew; an image that has left needs no view.
  if (isOver(error) || toReport(error).name === 'UnknownImage') return;
  const { message, remedy } = toReport(error);
  useInside.setState({ seen: null, sum: null, problem: `${message} ${remedy}` });
}

/** What to look into; null while there is nothing, or the stage has not painted it yet. */
function requestOf(state: AppState): InsideRequest | null {
  const image = selectedImage(state);
  const { engine, params, view } = state;
  if (isComparing(state) || engine.status !== 'ready' || image?.status !== 'ready') return null;
  if (viewOf(state) && view.painted?.image !== image.id) return null;
  const { fusionValue } = view;
  const { part } = useInside.getState();
  return { image: image.id, block: blockOf(state), fusionValue, refine: params.refine, part, cell: null };
}

/** The pixel in force: the one that was pointed at, else the strangest. */
export function pixelOf({ pixel, seen }: Pick<InsideState, 'pixel' | 'seen'>): number | null {
  if (!seen) return null;
  return pixel === null ? strangest(seen) : Math.min(pixel, seen.width * seen.height - 1);
}

/** Reads the sum behind the pixel in force, if it is not there. */
function readPixel(): void {
  const pixel = pixelOf(useInside.getState());
  if (pixel !== null && engine()) reads.submit(pixel).catch(fail);
}

/** Points at a pixel; null: at the strangest. */
export function pointAtPixel(pixel: number | null): void {
  const before = useInside.getState();
  if (before.pixel === pixel && before.pointed === null) return;
  useInside.setState({ pixel, pointed: null });
  if (before.pixel !== pixel) readPixel();
}

/** Points at a cell of a grid; null: back to the pixel. */
export const pointAtCell = (pointed: PointedCell | null): void => useInside.setState({ pointed });

/** Looks at another tile of an image that is cut. */
export function showPart(part: number): void {
  useInside.setState({ part, pixel: null });
  forget();
  look();
}
