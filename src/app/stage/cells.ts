// The cells of the feature map as they lie on the image on screen: all that draws or places cells on it asks here.
import { cellsAlong, cutOf, TooManyTiles } from '../../lib/framing';
import { framingOf } from '../../settings/framing';
import type { AppState } from '../shell/appState';
import { selectedImage } from '../shell/selectors';

export interface ImageCells {
  /** Whole cells; those that several tiles share count once. */
  width: number;
  height: number;
  /** The image's sides in cells: of a padded or cut image its last cells may reach beyond it, or not quite to its end. */
  across: number;
  down: number;
}

/** Null while there are no features. */
export function cellsOf(state: AppState): ImageCells | null {
  const { engine, params } = state;
  if (!engine.features) return null;
  const { width, height } = engine.features;
  const image = selectedImage(state);
  const whole = { width, height, across: width, down: height };
  if (params.fit === 'squash' || !image || image.width === 0) return whole;
  try {
    const { columns, rows } = cutOf(image, framingOf(params));
    const [x, y] = [cellsAlong(columns.map, width), cellsAlong(rows.map, height)];
    return { width: x.count, height: y.count, across: x.extent, down: y.extent };
  } catch (error) {
    if (error instanceof TooManyTiles) return whole;
    throw error;
  }
}
