// The buttons of the run.
import { cancelRun, playOrPause, step } from './actions';
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { useLocked, LockLine } from '../lesson/Lock';

export function Transport() {
  const status = useApp((state) => state.training.status);
  const training = useApp(isTraining);
  const ready = useApp((state) => state.engine.status === 'ready');
  const locked = useLocked();
  const running = status === 'running' || status === 'starting';
  const label = running ? 'Pause' : status === 'paused' ? 'Go on' : 'Train';
  return (
    <div className="row transport" role="group" aria-label="Training run">
      <h2 className="visually-hidden">Training</h2>
      <button
        type="button"
        className="button primary play"
        disabled={!ready || locked || status === 'starting'}
        title={`${label} (space)`}
        onClick={() => void playOrPause()}
      >
        <Icon name={running ? 'pause' : 'play'} />
        {label}
      </button>
      <IconButton
        icon="step"
        label="One training step (N)"
        quiet={false}
        disabled={!ready || status === 'starting'}
        onClick={() => void step()}
      />
      <IconButton
        icon="stop"
        label="Cancel this run"
        quiet={false}
        disabled={!training}
        onClick={cancelRun}
      />
      <LockLine />
    </div>
  );
}
