// Scores as dots, normal images above, anomalous ones below, on one axis: while a model learns, the two rows drift apart.
import { useMemo } from 'react';
import type { ImageId } from '../../engine/api/types';
import { formatScore } from '../controls/format';
import { useApp } from '../shell/store';
import { msg, t } from '../languages/texts';

const ROWS = [
  { label: 0, name: msg('normal'), className: 'normal' },
  { label: 1, name: msg('defects'), className: 'anomalous' },
] as const;

export function ScoreStrip({ scores }: { scores: Readonly<Record<ImageId, number>> }) {
  const images = useApp((state) => state.data.images);
  const dots = useMemo(
    () =>
      Object.entries(scores).flatMap(([id, score]) =>
        images[id] ? [{ id, score, label: images[id].label }] : [],
      ),
    [scores, images],
  );
  if (dots.length === 0)
    return <p className="small muted">{t('Scores drift apart here, where test images are labelled.')}</p>;
  const values = dots.map(({ score }) => score);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (score: number) => `${4 + (92 * (score - low)) / (high - low || 1)}%`;
  return (
    <div className="score-strip" role="img" aria-label={describe(dots)}>
      {ROWS.map(({ label, name, className }) => (
        <div key={name} className="strip-row">
          <span className="small muted">{t(name)}</span>
          <div className="strip-dots">
            {dots
              .filter((dot) => dot.label === label)
              .map(({ id, score }) => (
                <span key={id} className={`strip-dot ${className}`} style={{ left: place(score) }} />
              ))}
          </div>
        </div>
      ))}
      <div className="strip-axis small muted">
        <span>{formatScore(low)}</span>
        <span>{t('score')}</span>
        <span>{formatScore(high)}</span>
      </div>
    </div>
  );
}

function describe(dots: readonly { score: number; label: 0 | 1 | null }[]): string {
  return ROWS.map(({ label, name }) => {
    const own = dots.filter((dot) => dot.label === label).map(({ score }) => score);
    if (own.length === 0) return t('no {name}', { name: t(name) });
    return t('{name} from {low} to {high}', {
      name: t(name),
      low: formatScore(Math.min(...own)),
      high: formatScore(Math.max(...own)),
    });
  }).join('; ');
}
