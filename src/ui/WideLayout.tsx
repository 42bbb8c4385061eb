// Three columns and the training strip: everything in sight.
import { BlockPanel } from './block/BlockPanel';
import { FusionPanel } from './block/FusionPanel';
import { DataPanel } from './data/DataPanel';
import { ScoresPanel } from './scores/ScoresPanel';
import { Stage } from './stage/Stage';
import { TrainingPanel } from './training/TrainingPanel';
import { useHidden } from './useHidden';

export function WideLayout() {
  const hidden = {
    data: useHidden('data'),
    block: useHidden('block'),
    fusion: useHidden('fusion'),
    scores: useHidden('scores'),
    training: useHidden('training'),
  };
  return (
    <>
      <div className="columns">
        {!hidden.data && <DataPanel />}
        <Stage />
        {!(hidden.block && hidden.fusion && hidden.scores) && (
          <div className="side">
            {!hidden.block && <BlockPanel />}
            {!hidden.fusion && <FusionPanel />}
            {!hidden.scores && <ScoresPanel />}
          </div>
        )}
      </div>
      {!hidden.training && <TrainingPanel />}
    </>
  );
}
