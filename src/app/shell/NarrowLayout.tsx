// Phones: the image first, one panel at a time below it.
import { ruleOf, type Hideable } from '../../settings/lesson';
import { setLayout } from './layout';
import type { Tab } from './layoutSlice';
import { useApp } from './store';
import { BlockPanel } from '../block/BlockPanel';
import { FusionPanel } from '../block/FusionPanel';
import { Tabs } from '../controls/Tabs';
import { DataPanel } from '../images/DataPanel';
import { ScoresPanel } from '../scores/ScoresPanel';
import { Part } from '../lesson/Lock';
import { Stage } from '../stage/Stage';
import { TrainingPanel } from '../training/TrainingPanel';

const TABS: readonly { value: Tab; label: string; needs: Hideable }[] = [
  { value: 'block', label: 'Block', needs: 'block' },
  { value: 'data', label: 'Images', needs: 'data' },
  { value: 'scores', label: 'Scores', needs: 'scores' },
  { value: 'training', label: 'Training', needs: 'training' },
];

export function NarrowLayout() {
  const tab = useApp((state) => state.layout.tab);
  const lesson = useApp((state) => state.view.lesson);
  const tabs = TABS.filter(({ needs }) => ruleOf(lesson, needs) !== 'hidden');
  const current = tabs.find(({ value }) => value === tab)?.value ?? tabs[0]?.value;
  return (
    <>
      <Stage />
      {current && (
        <Tabs label="Panels" tabs={tabs} value={current} onChange={(value) => setLayout({ tab: value })}>
          <Panel tab={current} />
        </Tabs>
      )}
    </>
  );
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
