// When the engine cannot run or does not answer: in which way it failed, what to do, and what still works.
import { StartAgain } from '../shell/StartAgain';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';

const TITLES: Record<string, string> = {
  WebGpuMissing: 'No WebGPU in this browser',
  AdapterMissing: 'No graphics adapter found',
  LimitsTooLow: 'The graphics adapter is too small',
  EngineLost: 'The computing engine was lost',
};

const SILENT = {
  name: 'Silent',
  message: 'The computing engine has not answered for half a minute.',
  remedy:
    'It may be at a long computation: wait, or start it again. Your images, settings and model are kept.',
};

/** What concerns the command line is not for those who sit at a browser. */
const forPage = (remedy: string): string =>
  remedy
    .replace(/ ?On the command line:.*$/, '')
    .replace(/^In a browser: (.)/, (_, first: string) => first.toUpperCase());

export function EngineBanner() {
  const status = useApp((state) => state.engine.status);
  const silent = useApp((state) => state.engine.silent);
  const failure = useApp((state) => state.engine.error);
  const stored = useApp((state) => state.scores.status === 'stored');
  const gone = status === 'unavailable' || status === 'lost';
  const error = gone ? failure : silent ? SILENT : null;
  if (!error) return null;
  return (
    <section className="engine-banner" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{gone ? (TITLES[error.name] ?? 'The engine could not start') : 'No answer'}</strong>
        <p>
          {error.message} {forPage(error.remedy)}
        </p>
        {stored && gone && (
          <p className="muted">
            What you see is the stored result of a finished run; training and live maps wait.
          </p>
        )}
      </div>
      <StartAgain />
    </section>
  );
}
