// The mask that is being drawn on the image on screen: begun, drawn on, kept or thrown away. A small store of its own,
// since all of it is gone when drawing ends; only the finished mask joins the set (actions/masks.ts).
import { DRAWN_MASK } from '../../lib/images/png/chunks';
import { create } from 'zustand';
import type { ImageId } from '../../engine/api/types';
import { complain } from '../notices/actions';
import { setMask } from './actions';
import type { ImageRecord } from '../images/dataSlice';
import type { MaskDrawing, Place } from './maskDrawing';

export interface DrawingState {
  /** Null while nothing is drawn. */
  image: ImageId | null;
  mask: MaskDrawing | null;
  /** Counts changes of the mask, which changes in place. */
  revision: number;
  /** Of the brush, as a share of the image's longest side. */
  radius: number;
  erasing: boolean;
  /** Whether masks are outlined on the image on screen. */
  outlined: boolean;
}

export const BRUSH = { min: 0.002, max: 0.15, step: 0.002, default: 0.02 } as const;

const IDLE = { image: null, mask: null, revision: 0, erasing: false } as const;

export const useDrawing = create<DrawingState>(() => ({ ...IDLE, radius: BRUSH.default, outlined: false }));

const { getState, setState } = useDrawing;

/** Begins with the mask the image has, or with nothing. */
export async function startDrawing({ id, width, height }: ImageRecord): Promise<void> {
  try {
    const [{ drawingSize, MaskDrawing }, { readMask }] = await Promise.all([
      import('./maskDrawing'),
      import('./readMask'),
    ]);
    const size = drawingSize({ width, height });
    const there = await readMask(id, size);
    setState({ ...IDLE, image: id, mask: new MaskDrawing(size.width, size.height, there?.data) });
  } catch (error) {
    complain(error);
  }
}

export const stopDrawing = (): void => setState(IDLE);

export const setBrush = (brush: Partial<Pick<DrawingState, 'radius' | 'erasing'>>): void => setState(brush);

export const outlineMasks = (outlined: boolean): void => setState({ outlined });

/** Radius of the brush in pixels of the mask. */
export const brushRadius = ({ mask, radius }: Pick<DrawingState, 'mask' | 'radius'>): number =>
  mask ? radius * Math.max(mask.width, mask.height) : 0;

/** Draws or erases along a line, in pixels of the mask. @param begins whether one can come back to before it */
export function draw(from: Place, to: Place, { erase = false, begins = false } = {}): void {
  const state = getState();
  if (!state.mask) return;
  if (begins) state.mask.remember();
  state.mask.stroke(from, to, brushRadius(state), state.erasing || erase ? 0 : 1);
  changed();
}

export function undoStroke(): void {
  if (getState().mask?.undo()) changed();
}

export function clearDrawing(): void {
  getState().mask?.clear();
  changed();
}

const changed = () => setState(({ revision }) => ({ revision: revision + 1 }));

/** The drawing becomes the image's mask; an empty one takes the mask away. */
export async function keepDrawing(): Promise<void> {
  const { image, mask } = getState();
  if (!image || !mask) return;
  stopDrawing();
  outlineMasks(true);
  if (mask.isEmpty) return setMask(image, null);
  const { encodePng } = await import('../../lib/formats/png');
  const { width, height } = mask;
  const white = mask.data.map((value) => 255 * value);
  const bytes = encodePng({ width, height, data: white, text: { [DRAWN_MASK]: '1' } });
  await setMask(image, new File([new Uint8Array(bytes)], 'drawn_mask.png', { type: 'image/png' }));
}
