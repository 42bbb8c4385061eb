// One progress bar of a run: a name, how far it is, and the same in numbers.
interface Props {
  /** Number of the stage; a fit in one go has none. */
  stage?: number;
  name: string;
  /** 0 to 1. */
  fraction: number;
  /** How far in words. */
  done: string;
}

export function Bar({ stage, name, fraction, done }: Props) {
  const percent = Math.round(fraction * 100);
  return (
    <div className="stage-bar">
      <span>
        {stage !== undefined && <b>{stage}</b>} {name}
      </span>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={stage === undefined ? name : `Stage ${stage}, ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      <span className="muted small">{done}</span>
    </div>
  );
}
