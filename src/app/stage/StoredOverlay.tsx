// The stored result's map, painted by the CPU: what the first view shows before, or without, any engine.
import { useEffect, useRef } from 'react';
import { colormap } from '../../lib/overlay/colormaps';
import { paintOverlay } from '../../lib/overlay/paintOverlay';
import { storedMap } from '../keeping/storedMaps';
import { useApp } from '../shell/store';
import { threshold } from '../shell/selectors';
import { fadeOf, rangeOf } from './liveViewRequest';
import { useStoredVisible } from './useStoredVisible';

const RESOLUTION = 384;

export function StoredOverlay() {
  const visible = useStoredVisible();
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useApp((state) => state.data.selected);
  const opacity = useApp((state) => state.params.opacity / 100);
  const fade = useApp(fadeOf);
  const colours = useApp((state) => state.params.colormap);
  const line = useApp((state) => (state.params.contour ? threshold(state) : null));
  const low = useApp((state) => rangeOf(state)?.[0] ?? null);
  const high = useApp((state) => rangeOf(state)?.[1] ?? null);
  useEffect(() => {
    const map = storedMap(image);
    if (!visible || !map || !canvas.current) return;
    const pixels = paintOverlay({
      map: map.values,
      width: map.width,
      height: map.height,
      outWidth: RESOLUTION,
      outHeight: RESOLUTION,
      range: low === null || high === null ? extremes(map.values) : [low, high],
      lut: colormap(colours),
      opacity,
      fade,
      threshold: line,
    });
    canvas.current.getContext('2d')!.putImageData(new ImageData(pixels, RESOLUTION, RESOLUTION), 0, 0);
  }, [visible, image, opacity, fade, colours, line, low, high]);
  return (
    <canvas
      ref={canvas}
      className="overlay"
      width={RESOLUTION}
      height={RESOLUTION}
      hidden={!visible}
      data-testid="stored-overlay"
      aria-hidden="true"
    />
  );
}

function extremes(values: Float32Array): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
