// Above the image: which map, how strongly it covers, how close one looks.
import { useId, useRef, type ReactNode } from 'react';
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
import { placeBeside } from '../help/place';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { Icon } from '../controls/Icon';
import { type Zoom, FIT, MAX_SCALE } from './zoom';
import { IconButton } from '../controls/IconButton';
import { msg, t } from '../languages/texts';

export function StageToolbar({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const map = useApp(mapInUse);
  const method = useApp(methodInUse);
  const folded = useMediaQuery(FOLDED);
  // With no branches there is nothing that could have been fused.
  const whole = hasMap(method, 'normal') || hasMap(method, 'abnormal');
  const maps = PARAMS.map.options
    .filter(({ value }) => hasMap(method, value))
    .map((option) => (option.value === 'fused' && !whole ? { ...option, label: msg('Anomaly') } : option));
  return (
    <div className="stage-toolbar" role="toolbar" aria-label={t('Map and zoom')}>
      <Row name="map">
        {!folded && (
          <HelpTip topic="map" title={t('Map')} ofControl>
            {t('Map')}
          </HelpTip>
        )}
        <Segmented
          label={t(PARAMS.map.label)}
          value={map}
          options={maps}
          onChange={(value) => setParam('map', value)}
        />
      </Row>
      <LookInside />
      {folded ? (
        <LookMenu>
          <Opacity />
          <TrueMask />
          <ZoomButtons zoom={zoom} onZoom={onZoom} />
        </LookMenu>
      ) : (
        <>
          <TrueMask />
          <span className="spring" />
          <Opacity />
          <ZoomButtons zoom={zoom} onZoom={onZoom} />
        </>
      )}
    </div>
  );
}

/** Here the toolbar's parts do not fit beside each other. */
const FOLDED = '(max-width: 1180px)';

/** On a small screen all but the choice of the map lies behind one button. */
function LookMenu({ children }: { children: ReactNode }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button icon-only"
        popoverTarget={id}
        aria-label={t('Opacity, true mask, zoom')}
      >
        <Icon name="eye" />
      </button>
      <div
        id={id}
        popover="auto"
        role="group"
        aria-label={t('Opacity, true mask, zoom')}
        className="popover look-menu"
        onToggle={(event) => {
          if (event.newState === 'open') placeBeside(event.currentTarget, button.current!);
        }}
      >
        {children}
      </div>
    </>
  );
}

/** How strongly the map covers the image. */
function Opacity() {
  const opacity = useApp((state) => state.params.opacity);
  const row = PARAMS.opacity;
  return (
    <Row name="opacity">
      <span className="opacity">
        <span className="muted" aria-hidden="true">
          {t(row.label)}
        </span>
        <Range
          label={t(row.label)}
          row={row}
          value={opacity}
          home={row.default}
          unit={t('percent')}
          onChange={(value) => setParam('opacity', value)}
        />
        <NumberBox
          label={t('Opacity, percent')}
          value={opacity}
          min={row.min}
          max={row.max}
          step={row.step}
          onChange={(value) => setParam('opacity', value)}
        />
        <span className="muted small">%</span>
      </span>
    </Row>
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
      {t('True mask')}
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
        className="button quiet look-inside"
        aria-label={t('Look inside')}
        aria-pressed={inside}
        title={t('How the map comes about: features, grids, what they rebuild (I)')}
        onClick={() => setParam('view', inside ? 'image' : 'inside')}
      >
        <span>{t('Look inside')}</span>
        <span>{t('Inside')}</span>
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
    <span className="zoom" role="group" aria-label={t('Zoom')}>
      <IconButton
        icon="minus"
        label={t('Zoom out')}
        disabled={zoom.scale <= 1}
        onClick={() => by(1 / STEP)}
      />
      <output className="zoom-value">{Math.round(zoom.scale * 100)} %</output>
      <IconButton
        icon="plus"
        label={t('Zoom in')}
        disabled={zoom.scale >= MAX_SCALE}
        onClick={() => by(STEP)}
      />
      <IconButton
        icon="fit"
        label={t('Fit the whole image')}
        disabled={zoom.scale === 1}
        onClick={() => onZoom(FIT)}
      />
    </span>
  );
}
