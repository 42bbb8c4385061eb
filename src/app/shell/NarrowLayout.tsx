// Phones: the image stays in sight; the panels lie in a sheet at the bottom, one at a time, drawn up and down by its grip
// or by the tab of the panel that is open. Lying on its side a phone has the sheet beside the image.
import { useRef, useState, type PointerEvent } from 'react';
import { ruleOf, type Hideable } from '../../settings/lesson';
import { setLayout } from './layout';
import type { Sheet, Tab } from './layoutSlice';
import { getState, useApp } from './store';
import { BlockPanel } from '../block/BlockPanel';
import { FusionPanel } from '../block/FusionPanel';
import { Tabs } from '../controls/Tabs';
import { DataPanel } from '../images/DataPanel';
import { ScoresPanel } from '../scores/ScoresPanel';
import { Part } from '../lesson/Lock';
import { Stage } from '../stage/Stage';
import { TrainingPanel } from '../training/TrainingPanel';
import { msg, t } from '../languages/texts';

const TABS: readonly { value: Tab; label: string; needs: Hideable }[] = [
  { value: 'block', label: msg('Block'), needs: 'block' },
  { value: 'data', label: msg('Images'), needs: 'data' },
  { value: 'scores', label: msg('Scores'), needs: 'scores' },
  { value: 'training', label: msg('Training'), needs: 'training' },
];

export function NarrowLayout() {
  const tab = useApp((state) => state.layout.tab);
  const sheet = useApp((state) => state.layout.sheet);
  const lesson = useApp((state) => state.view.lesson);
  const [dragged, setDragged] = useState<number | null>(null);
  const tabs = TABS.filter(({ needs }) => ruleOf(lesson, needs) !== 'hidden');
  const current = tabs.find(({ value }) => value === tab)?.value ?? tabs[0]?.value;
  const choose = (value: Tab) => setLayout({ tab: value, sheet: sheet === 'tabs' ? 'part' : sheet });
  return (
    <>
      <Stage />
      {current && (
        <div
          className={`sheet ${sheet} ${dragged !== null ? 'dragged' : ''}`}
          {...(dragged !== null && { style: { height: dragged } })}
        >
          <Grip sheet={sheet} onDrag={setDragged} />
          <Tabs label={t('Panels')} tabs={tabs} value={current} onChange={choose}>
            <Panel tab={current} />
          </Tabs>
        </div>
      )}
    </>
  );
}

const NEXT: Record<Sheet, Sheet> = { tabs: 'part', part: 'whole', whole: 'tabs' };
const NAMES: Record<Sheet, string> = {
  tabs: msg('Open the panel'),
  part: msg('Enlarge the panel'),
  whole: msg('Close the panel'),
};

/** A movement shorter than this, in pixels, is a tap. */
const TAP = 6;

/** The height as it is drawn; let go, it settles on the nearest of the three. */
function Grip({ sheet, onDrag }: { sheet: Sheet; onDrag: (height: number | null) => void }) {
  const from = useRef<{ y: number; height: number } | null>(null);
  const moved = useRef(false);
  const heightAt = (event: PointerEvent) => from.current!.height + from.current!.y - event.clientY;
  const end = (event: PointerEvent) => {
    if (from.current && moved.current) setLayout({ sheet: nearest(heightAt(event)) });
    from.current = null;
    onDrag(null);
  };
  return (
    <button
      type="button"
      className="grip"
      aria-label={t(NAMES[sheet])}
      onClick={() => moved.current || setLayout({ sheet: NEXT[getState().layout.sheet] })}
      onPointerDown={(event) => {
        moved.current = false;
        from.current = { y: event.clientY, height: event.currentTarget.parentElement!.offsetHeight };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!from.current || (!moved.current && Math.abs(event.clientY - from.current.y) < TAP)) return;
        moved.current = true;
        onDrag(Math.max(0, heightAt(event)));
      }}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}

/** As in layout.css: a part is two fifths of the screen. */
function nearest(height: number): Sheet {
  const share = height / window.innerHeight;
  return share < 0.22 ? 'tabs' : share < 0.58 ? 'part' : 'whole';
}

function Panel({ tab }: { tab: Tab }) {
  switch (tab) {
    case 'block':
      return (
        <>
          <Part name="block">
            <BlockPanel />
          </Part>
          <Part name="fusion">
            <FusionPanel />
          </Part>
        </>
      );
    case 'data':
      return (
        <Part name="data">
          <DataPanel />
        </Part>
      );
    case 'scores':
      return (
        <Part name="scores">
          <ScoresPanel />
        </Part>
      );
    case 'training':
      return (
        <Part name="training">
          <TrainingPanel />
        </Part>
      );
  }
}
