// Zoom without a wheel: closer, further, the whole image.
import { IconButton } from '../controls/IconButton';
import { FIT, MAX_SCALE, type Zoom } from './zoom';

const STEP = 1.5;

export function ZoomButtons({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const by = (factor: number) =>
    onZoom({ ...zoom, scale: Math.min(MAX_SCALE, Math.max(1, zoom.scale * factor)) });
  return (
    <span className="zoom" role="group" aria-label="Zoom">
      <IconButton icon="minus" label="Zoom out" disabled={zoom.scale <= 1} onClick={() => by(1 / STEP)} />
      <output className="zoom-value">{Math.round(zoom.scale * 100)} %</output>
      <IconButton icon="plus" label="Zoom in" disabled={zoom.scale >= MAX_SCALE} onClick={() => by(STEP)} />
      <IconButton
        icon="fit"
        label="Fit the whole image"
        disabled={zoom.scale === 1}
        onClick={() => onZoom(FIT)}
      />
    </span>
  );
}
