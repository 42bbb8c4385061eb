// The comparison, over the whole screen below the top bar: what to run on the left; on the right the table and, below it,
// maps side by side, curves, the detectability chart, or what the abnormal grid does. Loaded when it is first opened.
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { setLayout } from '../shell/layout';
import { restoreComparison } from './kept';
import { showNeighbour } from './compareView';
import { IconButton } from '../controls/IconButton';
import { Tabs } from '../controls/Tabs';
import { HelpTip } from '../help/HelpTip';
import './compare.css';
import { CompareTable } from './CompareTable';
import { CurvesPanel } from './CurvesPanel';
import { DetectabilityPanel } from './DetectabilityPanel';
import { ExportMenu } from './ExportMenu';
import { MapsPanel } from './MapsPanel';
import { ScopeSelect } from './ScopeSelect';
import { SetupPanel } from './SetupPanel';
import { msg, t } from '../languages/texts';

const AbnormalGridPanel = lazy(() => import('./AbnormalGridPanel'));

type Tab = 'maps' | 'curves' | 'detectability' | 'abnormalGrid';

const TABS: readonly { value: Tab; label: string }[] = [
  { value: 'maps', label: msg('Maps and images') },
  { value: 'curves', label: msg('Curves') },
  { value: 'detectability', label: msg('Detectability') },
  { value: 'abnormalGrid', label: msg('The abnormal grid') },
];

const close = () => setLayout({ compareOpen: false });

/** Keys that a focused control uses itself stay with it. */
const OWN_KEYS = 'input, select, textarea, [role=tab], [role=slider], [role=button]';

export default function CompareView() {
  const view = useRef<HTMLElement>(null);
  const [tab, setTab] = useState<Tab>('maps');
  useEffect(() => {
    view.current!.focus();
    void restoreComparison();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const own = (event.target as Element).matches(OWN_KEYS);
    // An open menu or explanation closes first.
    if (event.key === 'Escape' && !document.querySelector('[popover]:popover-open')) close();
    else if (event.key === 'ArrowRight' && !own) showNeighbour(1);
    else if (event.key === 'ArrowLeft' && !own) showNeighbour(-1);
    else return;
    event.preventDefault();
  };
  return (
    <main
      ref={view}
      className="compare-view"
      aria-labelledby="compare-title"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <SetupPanel />
      <div className="compare-results">
        <header className="compare-head">
          <h2 id="compare-title" className="panel-title">
            {t('Comparison')}
          </h2>
          <HelpTip topic="comparison" title={t('Comparison')} />
          <ScopeSelect />
          <span className="spring" />
          <ExportMenu />
          <IconButton icon="close" label={t('Close the comparison (Escape)')} onClick={close} />
        </header>
        <CompareTable onShow={() => setTab('maps')} />
        <Tabs label={t('Look closer')} tabs={TABS} value={tab} onChange={setTab}>
          {tab === 'maps' && <MapsPanel />}
          {tab === 'curves' && <CurvesPanel />}
          {tab === 'detectability' && <DetectabilityPanel />}
          {tab === 'abnormalGrid' && (
            <Suspense fallback={<p className="compare-hint muted">{t('Loading the figures')}</p>}>
              <AbnormalGridPanel />
            </Suspense>
          )}
        </Tabs>
      </div>
    </main>
  );
}
