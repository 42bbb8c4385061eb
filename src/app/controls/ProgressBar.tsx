// A bar with words: what is going on and how far it is.
interface Props {
  label: string;
  text: string;
  /** 0 to 1. */
  fraction: number;
}

export function ProgressBar({ label, text, fraction }: Props) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, fraction)));
  return (
    <div className="progress">
      <span className="small">{text}</span>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
