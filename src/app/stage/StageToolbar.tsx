// Above the image: which map, how strongly it covers, how close one looks.
import { PARAMS } from '../../settings/table';
import { setParam } from '../settings/actions';
import { hasMask } from '../images/pictures';
import { outlineMasks, useDrawing } from '../mask/drawing';
import { hasMap, mapInUse, methodInUse, selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { Range } from '../controls/Range';
import { Segmented } from '../controls/Segmented';
import { Row } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { type Zoom, FIT, MAX_SCALE } from './zoom';
import { IconButton } from '../controls/IconButton';

export function StageToolbar({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const map = useApp(mapInUse);
  const method = useApp(methodInUse);
  const opacity = useApp((state) => state.params.opacity);
  const row = PARAMS.opacity;
  return (
    <div className="stage-toolbar" role="toolbar" aria-label="Map and zoom">
      <Row name="map">
        <Segmented
          label={PARAMS.map.label}
          value={map}
          options={PARAMS.map.options.filter(({ value }) => hasMap(method, value))}
          onChange={(value) => setParam('map', value)}
        />
        <HelpTip topic="map" title="Map" />
      </Row>
      <TrueMask />
      <LookInside />
      <span className="spring" />
      <Row name="opacity">
        <span className="opacity">
          <span className="muted" aria-hidden="true">
            {row.label}
          </span>
          <Range
            label={row.label}
            row={row}
            value={opacity}
            home={row.default}
            unit="percent"
            onChange={(value) => setParam('opacity', value)}
          />
          <NumberBox
            label="Opacity, percent"
            value={opacity}
            min={row.min}
            max={row.max}
            step={row.step}
            onChange={(value) => setParam('opacity', value)}
          />
          <span className="muted small">%</span>
        </span>
      </Row>
      <ZoomButtons zoom={zoom} onZoom={onZoom} />
    </div>
  );
}

/** Outlines what the data set calls defect, where it says so. */
function TrueMask() {
  const image = useApp(selectedImage);
  const outlined = useDrawing((state) => state.outlined);
  if (!image || !hasMask(image.id)) return null;
  return (
    <button
      type="button"
      className="button quiet"
      aria-pressed={outlined}
      onClick={() => outlineMasks(!outlined)}
    >
      True mask
    </button>
  );
}

/** The way of the features through the model, beside the image. */
function LookInside() {
  const inside = useApp((state) => state.params.view === 'inside');
  return (
    <Row name="view">
      <button
        type="button"
        className="button quiet"
        aria-pressed={inside}
        title="How the map comes about: features, grids, what they rebuild (I)"
        onClick={() => setParam('view', inside ? 'image' : 'inside')}
      >
        Look inside
      </button>
    </Row>
  );
}

const STEP = 1.5;

/** Zoom without a wheel: closer, further, the whole image. */
function ZoomButtons({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
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
