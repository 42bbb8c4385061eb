// Figures over pixels that later papers report, for whoever opens them. Loaded then.
import { useEffect, useMemo, useState } from 'react';
import { formatMetric } from '../controls/format';
import { NumberBox } from '../controls/NumberBox';
import { hasRegions } from '../images/pictures';
import { useApp } from '../shell/store';
import { canMeasure, measurePixelDetail } from './pixelDetail';
import { msg, t } from '../languages/texts';
import './pixelFigures.css';

const NAMES = [
  ['AUPIMO', 'aupimo', msg('Per anomalous image the share of its defect found while hardly a pixel of normal images is: mean.')], // prettier-ignore
  ['sPRO 0.05', 'spro05', msg('Saturated PRO: a defect is found whole from a share of it on. Up to 5 % of normal pixels falsely found.')], // prettier-ignore
  ['AUPRO 0.05', 'aupro05', msg('AUPRO up to 5 % of normal pixels falsely found.')],
  [msg('pixel F1'), 'f1Max', msg('The largest F1 over pixels, of all thresholds.')],
] as const;

export default function PixelFigures() {
  const [own, setShare] = useState(0.5);
  const [follows, setFollows] = useState(true);
  const images = useApp((state) => state.data.images);
  const told = useMemo(() => Object.keys(images).some(hasRegions), [images]);
  const share = told && follows ? null : own;
  const detail = useApp((state) => state.scores.detail);
  const byId = useApp((state) => state.scores.byId);
  const ready = useApp(canMeasure);
  const masks = useApp((state) => state.scores.metrics?.pixel_auroc ?? null) !== null;
  useEffect(() => {
    if (ready && masks) void measurePixelDetail(share);
  }, [ready, masks, share, byId]);
  if (!masks) return <p className="small muted">{t('They need masks of the defects.')}</p>;
  return (
    <>
      <dl className="metrics pixel-figures" data-testid="pixel-detail">
        {NAMES.map(([name, key, text]) => (
          <div key={key} title={t(text)}>
            <dt className="small muted">{t(name)}</dt>
            <dd>{formatMetric(detail?.[key])}</dd>
          </div>
        ))}
      </dl>
      {told && (
        <label className="row small">
          <input type="checkbox" checked={follows} onChange={() => setFollows(!follows)} />
          <span className="muted">{t('defect found whole as the set says (defects_config.json)')}</span>
        </label>
      )}
      {share !== null && (
        <label className="row small">
          <span className="muted">{t('defect found whole at a share of')}</span>
          <NumberBox value={share} min={0.01} max={1} step={0.05} onChange={setShare} />
        </label>
      )}
      {!ready && (
        <p className="small muted">{t('Computed when all images are scored by a model trained here.')}</p>
      )}
    </>
  );
}
