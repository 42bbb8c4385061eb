// Which colour of bar is what; only what is there is named.
import { SERIES, type Bar, type Series } from './histogram';

const NAMES: Record<Series, string> = {
  train: 'training',
  normal: 'normal',
  unknown: 'not labelled',
  anomalous: 'defects',
};

export function HistogramKey({ bars, pasted }: { bars: readonly Bar[]; pasted: boolean }) {
  const present = SERIES.filter((series) => bars.some((bar) => bar.counts[series] > 0));
  return (
    <ul className="histogram-key small muted">
      {present.map((series) => (
        <li key={series}>
          <span className={`key-swatch ${series}`} aria-hidden="true" />
          {NAMES[series]}
        </li>
      ))}
      {pasted && (
        <li title="On a scale of their own: there are many more of them than images.">
          <span className="key-swatch pasted" aria-hidden="true" />
          pasted blocks
        </li>
      )}
    </ul>
  );
}
