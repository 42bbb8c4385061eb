// A training that a reload, a crash or a failure cut off: goes on from its last checkpoint, or is given up.
import { discardRun } from '../keeping/keptRun';
import { resumeRun } from './actions';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { useLocked } from '../lesson/lock';

export function ResumeRun() {
  const resumable = useApp((state) => state.kept.resumable);
  const ready = useApp(({ engine, data }) => engine.status === 'ready' && data.adding === null);
  const locked = useLocked();
  if (!resumable) return null;
  return (
    <div className="row resume-run">
      <button type="button" className="button" disabled={!ready || locked} onClick={() => void resumeRun()}>
        <Icon name="play" />
        Resume training at step {resumable.step} of {resumable.steps}
      </button>
      <IconButton icon="trash" label="Discard the unfinished training" onClick={() => void discardRun()} />
    </div>
  );
}
