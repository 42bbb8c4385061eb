// Where the decision line comes from: labels, a quantile of normal images, pasted blocks, or the hand that dragged it.
import { measureDetectability } from '../compare/blocks';
import type { Evidence } from '../../lib/scoring/metrics/threshold';
import { setLineSource } from './decisionLine';
import type { LineSource as Source } from './scoresSlice';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { HelpTip } from '../help/HelpTip';
import { msg, t } from '../languages/texts';

const SOURCES: readonly { value: Source; label: string }[] = [
  { value: 'labels', label: msg('labels (F1-max)') },
  { value: 'quantile', label: msg('quantile of normals') },
  { value: 'synthetic', label: msg('pasted blocks') },
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
      <HelpTip topic="lineSource" title={t('where the threshold comes from')} ofControl>
        {t('from')}
      </HelpTip>
      <select
        className="select"
        aria-label={t('Where the threshold comes from')}
        value={byHand ? 'hand' : source}
        onChange={(event) => choose(event.target.value as Source)}
      >
        {SOURCES.map(({ value, label }) => (
          <option key={value} value={value}>
            {value === 'labels' && unlabelled ? t('largest normal score') : t(label)}
          </option>
        ))}
        {byHand && <option value="hand">{t('set by hand')}</option>}
      </select>
      {source === 'quantile' && !byHand && (
        <NumberBox
          label={t('Share of normal images below the line')}
          value={quantile}
          min={0.5}
          max={1}
          step={0.01}
          onChange={(value) => void setLineSource('quantile', value)}
        />
      )}
      {measuring && <span className="muted">{t('pasting')}</span>}
      {evidence && !byHand && <LineEvidence {...evidence} />}
    </div>
  );
}

/** What the line makes of the scores it was drawn from: few normal images bound false alarms loosely. */
function LineEvidence({ normals, flagged, falseAlarms, pasted = 0, found = 0 }: Evidence) {
  const share = (part: number) => `${Math.round(100 * part)} %`;
  return (
    <span className="muted" data-testid="line-evidence">
      {t('{flagged} of {normals} normal above (95 %: {low} to {high}), {found} of blocks found', {
        flagged,
        normals,
        low: share(falseAlarms[0]),
        high: share(falseAlarms[1]),
        found: share(found / pasted),
      })}
    </span>
  );
}
