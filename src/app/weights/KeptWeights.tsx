// In the settings: where weights come from, and what earlier downloads left on this machine.
import { setHub } from './backboneChoice';
import { clearWeights } from './actions';
import { STANDARD_HUB } from './weightsSlice';
import { useApp } from '../shell/store';
import { formatBytes } from '../controls/format';
import { t } from '../languages/texts';
import './weights.css';

export function KeptWeights() {
  const kept = useApp((state) => state.weights.kept);
  const hub = useApp((state) => state.weights.hub);
  return (
    <section aria-label={t('Downloaded weights')}>
      <h3 className="panel-title">{t('Downloaded weights')}</h3>
      <p className="small muted">{t('Fetched only when asked for, then kept in this browser.')}</p>
      <label className="weights-hub">
        <span>{t('Address of the Hub or a mirror')}</span>
        <input
          key={hub}
          type="url"
          defaultValue={hub}
          placeholder={STANDARD_HUB}
          onBlur={(event) => setHub(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </label>
      {kept.length === 0 ? (
        <p className="small">{t('None are kept.')}</p>
      ) : (
        <>
          <ul className="weights-kept" aria-label={t('Kept weights')}>
            {kept.map(({ id, bytes, from }) => (
              <li key={id} className="row">
                <span className="clip">{id}</span>
                <span className="spring" />
                <span className="small muted">{originOf(from)}</span>
                <span className="muted">{formatBytes(bytes)}</span>
              </li>
            ))}
          </ul>
          <button type="button" className="button" onClick={() => void clearWeights()}>
            {t('Clear kept weights')}
          </button>
        </>
      )}
    </section>
  );
}

const originOf = (from: readonly string[]): string =>
  from.includes('pinned')
    ? 'verified'
    : t('unverified, from {value}', {
        value: from.map((source) => (source === 'hub' ? t('the Hub') : source)).join(', '),
      });
