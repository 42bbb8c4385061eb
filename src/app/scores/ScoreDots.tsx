// Every image as a dot on the histogram's axis, a lane for each kind: the image on screen is ringed, what is pasted on it
// has a dot of its own that moves. Resting on a dot shows its image, a click goes there.
import { useState } from 'react';
import { formatScore } from '../controls/format';
import { ThumbnailPicture } from '../images/ThumbnailPicture';
import { selectImage } from '../stage/actions';
import { useApp } from '../shell/store';
import { SERIES, type Series } from './histogram';

interface Props {
  items: readonly { id: string; score: number; series: Series }[];
  axis: readonly [number, number];
  /** Score of what is on screen, as pasted. */
  mark: number | null;
}

export default function ScoreDots({ items, axis: [low, high], mark }: Props) {
  const [over, setOver] = useState<string | null>(null);
  const selected = useApp((state) => state.data.selected);
  const pasted = useApp((state) => state.params.fbpOn);
  const hovered = useApp((state) => (over === null ? null : (state.data.images[over] ?? null)));
  const place = (score: number) => `${100 * Math.min(1, Math.max(0, (score - low) / (high - low || 1)))}%`;
  const lanes = SERIES.filter((series) => items.some((item) => item.series === series));
  const scoreOf = (id: string) => items.find((item) => item.id === id)?.score ?? 0;
  return (
    <div className="score-dots" aria-hidden="true" onPointerLeave={() => setOver(null)}>
      {lanes.map((series) => (
        <div key={series} className="dot-lane">
          {items
            .filter((item) => item.series === series)
            .map(({ id, score }) => (
              <span
                key={id}
                className={`score-dot ${series} ${id === selected ? 'on-screen' : ''}`}
                style={{ left: place(score) }}
                onPointerEnter={() => setOver(id)}
                onClick={() => selectImage(id)}
              />
            ))}
        </div>
      ))}
      {pasted && mark !== null && <span className="score-dot live" style={{ left: place(mark) }} />}
      {hovered && (
        <div
          className="dot-picture"
          style={{ left: `clamp(0px, calc(${place(scoreOf(hovered.id))} - 40px), calc(100% - 80px))` }}
        >
          <ThumbnailPicture image={hovered} size={72} />
          <span className="small">{formatScore(scoreOf(hovered.id))}</span>
        </div>
      )}
    </div>
  );
}
