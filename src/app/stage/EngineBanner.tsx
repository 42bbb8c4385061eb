// When the engine cannot run or does not answer: in which way it failed, what to do, and what still works.
import { StartAgain } from '../shell/StartAgain';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { msg, said, t } from '../languages/texts';

const TITLES: Record<string, string> = {
  WebGpuMissing: msg('No WebGPU in this browser'),
  AdapterMissing: msg('No graphics adapter found'),
  LimitsTooLow: msg('The graphics adapter is too small'),
  EngineLost: msg('The computing engine was lost'),
};

const SILENT = {
  name: 'Silent',
  message: msg('The computing engine has not answered for half a minute.'),
  remedy: msg(
    'It may be at a long computation: wait, or start it again. Your images, settings and model are kept.',
  ),
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
        <strong>{gone ? t(TITLES[error.name] ?? 'The engine could not start') : t('No answer')}</strong>
        <p>
          {said(error.message)} {said(forPage(error.remedy))}
        </p>
        {stored && gone && (
          <p className="muted">
            {t('What you see is the stored result of a finished run; training and live maps wait.')}
          </p>
        )}
      </div>
      <StartAgain />
    </section>
  );
}
