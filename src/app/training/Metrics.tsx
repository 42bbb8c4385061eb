// The figures of the model in use, over the labelled test images.
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatMetric } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

export function Metrics() {
  const metrics = useApp((state) => state.scores.metrics);
  const old = useApp(
    (state) => state.scores.status === 'stale' || state.scores.status === 'scoring' || isTraining(state),
  );
  return (
    <dl className={`metrics ${old ? 'old' : ''}`}>
      <div>
        <dt className="small muted">
          <HelpTip topic="imageAuroc" title={t('image AUROC')}>
            {t('image AUROC')}
          </HelpTip>
        </dt>
        <dd data-testid="image-auroc">{formatMetric(metrics?.image_auroc)}</dd>
      </div>
      <div>
        <dt className="small muted">
          <HelpTip topic="pixelAuroc" title={t('pixel AUROC')}>
            {t('pixel AUROC')}
          </HelpTip>
        </dt>
        <dd data-testid="pixel-auroc">{formatMetric(metrics?.pixel_auroc)}</dd>
      </div>
    </dl>
  );
}
