// When the engine cannot run: which of the three ways it failed, what to do, and what still works.
import { restartEngine } from '../shell/startEngine';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';

const TITLES: Record<string, string> = {
  WebGpuMissing: 'No WebGPU in this browser',
  AdapterMissing: 'No graphics adapter found',
  LimitsTooLow: 'The graphics adapter is too small',
  DeviceLost: 'The graphics device was lost',
};

export function EngineBanner() {
  const status = useApp((state) => state.engine.status);
  const error = useApp((state) => state.engine.error);
  const stored = useApp((state) => state.scores.status === 'stored');
  if ((status !== 'unavailable' && status !== 'lost') || !error) return null;
  return (
    <section className="engine-banner" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{TITLES[error.name] ?? 'The engine could not start'}</strong>
        <p>
          {error.message} {error.remedy}
        </p>
        {stored && (
          <p className="muted">
            What you see is the stored result of a finished run; training and live maps wait.
          </p>
        )}
      </div>
      <button type="button" className="button" onClick={() => void restartEngine()}>
        {status === 'lost' ? 'Start again' : 'Try again'}
      </button>
    </section>
  );
}
