// The middle of the screen: toolbar, the image with everything drawn over it, and what the numbers say.
import { lazy, Suspense, useState } from 'react';
import { useDrawing } from '../mask/drawing';
import { useApp } from '../shell/store';
import { EngineBanner } from './EngineBanner';
import { Legend } from './Legend';
import { Readout } from './Readout';
import { StageKey } from './StageKey';
import { StageMessage } from './StageMessage';
import { StageToolbar } from './StageToolbar';
import { Verdict } from './Verdict';
import { Viewport } from './Viewport';
import { FIT, type Zoom } from './zoom';
import { t } from '../languages/texts';

const MaskTools = lazy(() => import('../mask/MaskTools'));
const InsideView = lazy(() => import('../inside/InsideView'));

export function Stage() {
  const drawing = useDrawing((state) => state.image !== null);
  const inside = useApp((state) => state.params.view === 'inside');
  const [zoom, setZoom] = useState<Zoom>(FIT);
  return (
    <main className="stage" id="stage" tabIndex={-1} aria-label={t('Image and anomaly map')}>
      <StageToolbar zoom={zoom} onZoom={setZoom} />
      <Suspense>{drawing && <MaskTools />}</Suspense>
      <EngineBanner />
      <div className={`stage-middle ${inside ? 'inside' : ''}`}>
        <Viewport zoom={zoom} onZoom={setZoom} />
        <Suspense>{inside && <InsideView />}</Suspense>
        <Legend />
        <StageKey />
        <StageMessage />
      </div>
      <div className="stage-foot">
        <Verdict />
        <Readout />
      </div>
    </main>
  );
}
