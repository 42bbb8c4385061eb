// What the model says of the camera's picture: the map over it, the score against the threshold, and how fast.
import { useEffect, useRef } from 'react';
import { colormap } from '../../lib/overlay/colormaps';
import { paintOverlay } from '../../lib/overlay/paintOverlay';
import { threshold } from '../shell/selectors';
import { useApp } from '../shell/store';
import { fadeOf } from '../stage/liveViewRequest';
import { formatScore } from '../controls/format';
import type { LiveScore } from './useLiveScoring';
import { t } from '../languages/texts';

/** Painted by the CPU: a fraction of what scoring the frame costs. */
const RESOLUTION = 256;

export function LiveMap({ last }: { last: LiveScore }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const opacity = useApp((state) => state.params.opacity / 100);
  const fade = useApp(fadeOf);
  const colours = useApp((state) => state.params.colormap);
  const line = useApp((state) => (state.params.contour ? threshold(state) : null));
  const range = useApp((state) => state.scores.ranges?.fused ?? null);
  const { map } = last.answer;
  useEffect(() => {
    const pixels = paintOverlay({
      map: map.values,
      width: map.width,
      height: map.height,
      outWidth: RESOLUTION,
      outHeight: RESOLUTION,
      range: range ?? extremes(map.values),
      lut: colormap(colours),
      opacity,
      fade,
      threshold: line,
    });
    const context = canvas.current!.getContext('2d')!;
    context.putImageData(new ImageData(pixels, RESOLUTION, RESOLUTION), 0, 0);
  }, [map, range, colours, opacity, fade, line]);
  return (
    <canvas
      ref={canvas}
      className="overlay"
      width={RESOLUTION}
      height={RESOLUTION}
      data-testid="camera-overlay"
      aria-hidden="true"
    />
  );
}

function extremes(values: Float32Array): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

export function LiveVerdict({ last }: { last: LiveScore }) {
  const line = useApp(threshold);
  const { score } = last.answer;
  const above = line !== null && score > line;
  return (
    <p className="camera-verdict" data-testid="camera-verdict">
      {t('score {score}', { score: formatScore(score) })}
      {line !== null && (
        <>
          {': '}
          <strong className={above ? 'anomalous' : 'normal'}>
            {above ? t('ANOMALOUS') : t('normal')}
          </strong>{' '}
          <span className="muted">{t('(threshold {line})', { line: formatScore(line) })}</span>
        </>
      )}
      <span className="muted no-wrap camera-pace">
        {t('{rate} frames/s, {latency} ms each', {
          rate: last.rate.toFixed(1),
          latency: Math.round(last.latency),
        })}
      </span>
    </p>
  );
}
