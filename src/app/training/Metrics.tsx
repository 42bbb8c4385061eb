// The figures of the model in use, over the labelled test images.
import type { ScoreTable } from '../../engine/api/types';
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatMetric } from '../controls/format';
import { HelpTip } from '../help/HelpTip';

export function Metrics() {
  const metrics = useApp((state) => state.scores.metrics);
  const old = useApp(
    (state) => state.scores.status === 'stale' || state.scores.status === 'scoring' || isTraining(state),
  );
  return (
    <dl className={`metrics ${old ? 'old' : ''}`}>
      <div>
        <dt className="small muted">
          <HelpTip topic="imageAuroc" title="image AUROC">
            image AUROC
          </HelpTip>
        </dt>
        <dd data-testid="image-auroc">{formatMetric(metrics?.image_auroc)}</dd>
      </div>
      <div>
        <dt className="small muted">
          <HelpTip topic="pixelAuroc" title="pixel AUROC">
            pixel AUROC
          </HelpTip>
        </dt>
        <dd data-testid="pixel-auroc">{formatMetric(metrics?.pixel_auroc)}</dd>
      </div>
    </dl>
  );
}

/** What there is to know about the figures: why one is missing, that others are estimates. */
export function FigureNotes() {
  const metrics = useApp((state) => state.scores.metrics);
  return (
    metrics && (
      <>
        <Missing metrics={metrics} />
        <Sampled />
      </>
    )
  );
}

/** Said when the pixel figures are estimates. */
function Sampled() {
  const images = useApp((state) => state.scores.pixelImages);
  if (!images) return null;
  const [counted, of] = [images.counted, images.of].map((count) => count.toLocaleString('en'));
  return (
    <p className="small muted">
      Pixel figures from {counted} of {of} test images, spread evenly: more do not fit in memory.
    </p>
  );
}

/** Why there is no figure. */
function Missing({ metrics }: { metrics: NonNullable<ScoreTable['metrics']> }) {
  const text =
    metrics.image_auroc === null
      ? 'Needs normal and defective test images, labelled.'
      : metrics.pixel_auroc === null
        ? 'Pixel figures need masks of the defects.'
        : null;
  return text && <p className="small muted">{text}</p>;
}
