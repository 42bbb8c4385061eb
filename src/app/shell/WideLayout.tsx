// Three columns and the dock of the training: everything in sight.
import { BlockPanel } from '../block/BlockPanel';
import { FusionPanel } from '../block/FusionPanel';
import { DataPanel } from '../images/DataPanel';
import { ScoresPanel } from '../scores/ScoresPanel';
import { Stage } from '../stage/Stage';
import { LessonPart } from '../lesson/LessonPart';
import { TrainingDock } from '../training/TrainingPanel';
import { Part, useHidden } from '../lesson/Lock';

export function WideLayout() {
  const hidden = {
    block: useHidden('block'),
    fusion: useHidden('fusion'),
    scores: useHidden('scores'),
  };
  return (
    <>
      <div className="columns">
        <div className="left">
          <LessonPart />
          <Part name="data">
            <DataPanel />
          </Part>
        </div>
        <Stage />
        {!(hidden.block && hidden.fusion && hidden.scores) && (
          <div className="side">
            <Part name="block">
              <BlockPanel />
            </Part>
            <Part name="fusion">
              <FusionPanel />
            </Part>
            <Part name="scores">
              <ScoresPanel />
            </Part>
          </div>
        )}
      </div>
      <Part name="training">
        <TrainingDock />
      </Part>
    </>
  );
}
