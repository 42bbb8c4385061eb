// The buttons of the run.
import { cancelRun, playOrPause, step } from './actions';
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { useLocked, LockLine } from '../lesson/Lock';
import { t } from '../languages/texts';

export function Transport() {
  const status = useApp((state) => state.training.status);
  const training = useApp(isTraining);
  const ready = useApp((state) => state.engine.status === 'ready');
  const locked = useLocked();
  const running = status === 'running' || status === 'starting';
  const label = running ? t('Pause') : status === 'paused' ? t('Go on') : t('Train');
  return (
    <div className="row transport" role="group" aria-label={t('Training run')}>
      <h2 className="visually-hidden">{t('Training')}</h2>
      <button
        type="button"
        className="button primary play"
        disabled={!ready || locked || status === 'starting'}
        title={t('{label} (space)', { label })}
        onClick={() => void playOrPause()}
      >
        <Icon name={running ? 'pause' : 'play'} />
        {label}
      </button>
      <IconButton
        icon="step"
        label={t('One training step (N)')}
        quiet={false}
        disabled={!ready || status === 'starting'}
        onClick={() => void step()}
      />
      <IconButton
        icon="stop"
        label={t('Cancel this run')}
        quiet={false}
        disabled={!training}
        onClick={cancelRun}
      />
      <LockLine />
    </div>
  );
}
