// ROC, precision-recall and PRO curves of all compared methods in one chart. The drawing library loads with the first
// look.
import { lazy, Suspense, useMemo, useState } from 'react';
import { useApp } from '../shell/store';
import { Segmented } from '../controls/Segmented';
import { HelpTip } from '../help/HelpTip';
import { CURVE_KINDS, curvesFor, type CurveKind } from './curveLines';
import { t } from '../languages/texts';

const CurveChart = lazy(() => import('./CurveChart'));

export function CurvesPanel() {
  const runs = useApp((state) => state.compare.runs);
  const seed = useApp((state) => state.compare.seed);
  const kinds = CURVE_KINDS.filter(({ value }) => curvesFor(runs, value, seed).length > 0);
  const [wanted, setKind] = useState<CurveKind>('imageRoc');
  const kind = kinds.find(({ value }) => value === wanted) ?? kinds[0];
  const lines = useMemo(() => (kind ? curvesFor(runs, kind.value, seed) : []), [runs, kind, seed]);
  if (!kind) {
    const ran = runs.some(({ table }) => table);
    return (
      <p className="compare-hint muted">
        {ran
          ? t('Curves need labels: mark normal images and defects on the test side.')
          : t('Curves of all methods in one chart, once they have run.')}
      </p>
    );
  }
  return (
    <div className="curves-panel">
      <div className="row">
        <Segmented label={t('Curve')} value={kind.value} options={kinds} onChange={setKind} />
        <HelpTip topic="curves" title={t('Curves')} />
      </div>
      <Suspense fallback={<p className="muted">{t('Loading the chart')}</p>}>
        <CurveChart lines={lines} kind={kind} />
      </Suspense>
    </div>
  );
}
