// The answer in words: score, verdict, threshold, and below it what the colours mean.
import { isTraining, scoreOnScreen, selectedImage, threshold } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { Caption } from './Caption';

export function Verdict() {
  const image = useApp(selectedImage);
  const score = useApp(scoreOnScreen);
  // While training, the line still belongs to the model before: no verdict then.
  const training = useApp(isTraining);
  const line = useApp((state) => (isTraining(state) ? null : threshold(state)));
  const untrained = useApp(({ view }) => view.fusionValue !== null && view.painted?.trained === false);
  if (!image) return <div className="verdict" />;
  const above = score !== null && line !== null && score > line;
  return (
    <div className="verdict">
      <p className="verdict-line" data-testid="verdict">
        {score === null ? (
          <span className="muted">no score yet</span>
        ) : (
          <>
            score {formatScore(score)}
            {line !== null && (
              <>
                {': '}
                <strong className={above ? 'anomalous' : 'normal'}>{above ? 'ANOMALOUS' : 'normal'}</strong>
              </>
            )}
          </>
        )}
        <span className="muted no-wrap">
          {training && '(the model is learning) '}
          {score !== null && line !== null && `(threshold ${formatScore(line)}) `}
          <HelpTip topic="score" title="Score" />
        </span>
        {untrained && <span className="warning-label">not trained for this value</span>}
      </p>
      <Caption />
    </div>
  );
}
