// A compared model's map as pixels, painted as the stage paints it. Pure.
import { colormap, type ColormapName } from '../../lib/overlay/colormaps';
import type { MapData } from '../../engine/api/types';
import { paintOverlay } from '../../lib/overlay/paintOverlay';

/** Side of a painted map in pixels. */
export const TILE = 256;

/** As the stage shows it: normal places stay transparent. */
const FADE = 0.75;

export interface TileLook {
  map: MapData;
  /** Ends of the colour scale, in the method's own units. */
  range: [number, number];
  colours: ColormapName;
  /** 0 to 1. */
  opacity: number;
  threshold: number | null;
}

/** @returns TILE x TILE RGBA pixels */
export const paintTile = ({ map, range, colours, opacity, threshold }: TileLook) =>
  paintOverlay({
    map: map.values,
    width: map.width,
    height: map.height,
    outWidth: TILE,
    outHeight: TILE,
    range,
    lut: colormap(colours),
    opacity,
    fade: FADE,
    threshold,
    lineWidth: 2,
  });
