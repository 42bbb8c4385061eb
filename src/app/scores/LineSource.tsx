// Where the decision line comes from: labels, a quantile of normal images, pasted blocks, or the hand that dragged it.
import { measureDetectability } from '../compare/blocks';
import type { Evidence } from '../../lib/scoring/metrics/threshold';
import { setLineSource } from './decisionLine';
import type { LineSource as Source } from './scoresSlice';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { HelpTip } from '../help/HelpTip';

const SOURCES: readonly { value: Source; label: string }[] = [
  { value: 'labels', label: 'labels (F1-max)' },
  { value: 'quantile', label: 'quantile of normals' },
  { value: 'synthetic', label: 'pasted blocks' },
];

export function LineSource() {
  const source = useApp((state) => state.scores.source);
  const quantile = useApp((state) => state.scores.quantile);
  const byHand = useApp((state) => state.view.threshold !== null);
  // Without labels the same choice means something else.
  const unlabelled = useApp((state) => state.scores.fromLabels?.source === 'normal images');
  const measuring = useApp((state) => state.compare.detectability.status === 'running');
  const evidence = useApp((state) => state.scores.suggested?.evidence);
  const choose = (next: Source) => {
    void setLineSource(next);
    if (next === 'synthetic') void measureDetectability({ onlyIfMissing: true });
  };
  return (
    <div className="row line-source small">
      <HelpTip topic="lineSource" title="where the threshold comes from" ofControl>
        from
      </HelpTip>
      <select
        className="select"
        aria-label="Where the threshold comes from"
        value={byHand ? 'hand' : source}
        onChange={(event) => choose(event.target.value as Source)}
      >
        {SOURCES.map(({ value, label }) => (
          <option key={value} value={value}>
            {value === 'labels' && unlabelled ? 'largest normal score' : label}
          </option>
        ))}
        {byHand && <option value="hand">set by hand</option>}
      </select>
      {source === 'quantile' && !byHand && (
        <NumberBox
          label="Share of normal images below the line"
          value={quantile}
          min={0.5}
          max={1}
          step={0.01}
          onChange={(value) => void setLineSource('quantile', value)}
        />
      )}
      {measuring && <span className="muted">pasting</span>}
      {evidence && !byHand && <LineEvidence {...evidence} />}
    </div>
  );
}

/** What the line makes of the scores it was drawn from: few normal images bound false alarms loosely. */
function LineEvidence({ normals, flagged, falseAlarms, pasted = 0, found = 0 }: Evidence) {
  const share = (part: number) => `${Math.round(100 * part)} %`;
  return (
    <span className="muted" data-testid="line-evidence">
      {flagged} of {normals} normal above (95 %: {share(falseAlarms[0])} to {share(falseAlarms[1])}),{' '}
      {share(found / pasted)} of blocks found
    </span>
  );
}
