// Progress of one stage.
import type { Stage } from '../../engine/types';

interface Props {
  stage: Stage;
  name: string;
  /** 0 to 1. */
  fraction: number;
  epochs: number;
}

export function StageBar({ stage, name, fraction, epochs }: Props) {
  const percent = Math.round(fraction * 100);
  return (
    <div className="stage-bar">
      <span>
        <b>{stage}</b> {name}
      </span>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={`Stage ${stage}, ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      <span className="muted small">
        {epochs === 0 ? 'none' : `${Math.round(fraction * epochs)}/${epochs} epochs`}
      </span>
    </div>
  );
}
