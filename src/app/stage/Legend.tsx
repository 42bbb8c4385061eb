// The colour bar: which colour means which value, in the map's units, with the threshold as a mark one can drag.
import { useEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { colormap, COLORMAP_ENTRIES, type ColormapName } from '../../lib/overlay/colormaps';
import { ruleOf } from '../../settings/lesson';
import { setThreshold } from './actions';
import { isTraining, mapInUse, methodInUse, threshold } from '../shell/selectors';
import { useApp } from '../shell/store';
import { colormapOf, rangeOf } from './liveViewRequest';
import { ThresholdMark } from '../controls/ThresholdMark';
import { LockContext } from '../lesson/Lock';
import { printed } from '../controls/format';
import { mapUnit } from '../controls/methods';
import { msg, t } from '../languages/texts';

export function Legend() {
  const map = useApp(mapInUse);
  const method = useApp(methodInUse);
  const name = useApp(colormapOf);
  const range = useApp(useShallow((state) => rangeOf(state) ?? state.view.painted?.extremes ?? null));
  const line = useApp((state) => (isTraining(state) ? null : threshold(state)));
  const perImage = useApp((state) => rangeOf(state) === null);
  const training = useApp(isTraining);
  const locked = useApp((state) => ruleOf(state.view.lesson, 'scores') !== 'open');
  const peak = useApp((state) =>
    state.view.painted?.map === map ? (state.view.painted.extremes?.[1] ?? null) : null,
  );
  const cut = range !== null && !perImage && map !== 'mask' && peak !== null && peak > range[1];
  if (!range) return <div className="legend" />;
  return (
    <figure className="legend" aria-label={t('Colour scale')}>
      {cut && (
        <span className="legend-cut small" title={t('Values above the scale all have its last colour.')}>
          {t('to {peak}', { peak: printed(peak) })}
        </span>
      )}
      <span className="legend-end">
        {cut && '≥ '}
        {printed(range[1])}
      </span>
      <div className={cut ? 'legend-bar cut' : 'legend-bar'}>
        <Gradient name={name} />
        {map === 'fused' && line !== null && (
          <LockContext value={locked}>
            <ThresholdMark
              value={line}
              range={range}
              orientation="vertical"
              onChange={setThreshold}
              shortcut
            />
          </LockContext>
        )}
      </div>
      <span className="legend-end">{printed(range[0])}</span>
      <figcaption className="small muted">{map === 'fused' ? t(mapUnit(method)) : t(UNITS[map])}</figcaption>
      {perImage && map !== 'mask' && (
        <span className="legend-warning small">
          {training ? t('scale of this image while training') : t('scale of this image only')}
        </span>
      )}
    </figure>
  );
}

const UNITS = {
  normal: msg('feature distance'),
  abnormal: msg('like pasted (+), like normal (−)'),
  mask: msg('pasted'),
};

/** The table itself, highest value on top. */
function Gradient({ name }: { name: ColormapName }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const table = colormap(name);
    const pixels = new Uint8ClampedArray(table.length);
    for (let row = 0; row < COLORMAP_ENTRIES; row++) {
      const entry = COLORMAP_ENTRIES - 1 - row;
      pixels.set(table.subarray(4 * entry, 4 * entry + 4), 4 * row);
    }
    canvas.current!.getContext('2d')!.putImageData(new ImageData(pixels, 1, COLORMAP_ENTRIES), 0, 0);
  }, [name]);
  return <canvas ref={canvas} width={1} height={COLORMAP_ENTRIES} aria-hidden="true" />;
}
