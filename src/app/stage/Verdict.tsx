// The answer in words: score, verdict, threshold, and below it what the colours mean.
import { isTraining, scoreOnScreen, selectedImage, threshold, imagesOf, mapInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { useStoredVisible } from './useStoredVisible';

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

/** One line that says what one looks at. */
function Caption() {
  const map = useApp(mapInUse);
  const normals = useApp((state) => imagesOf(state.data, 'train').length);
  const source = useApp((state) => state.model.source);
  const stored = useStoredVisible();
  if (source === 'none' && map !== 'mask') return <p className="small muted caption">&nbsp;</p>;
  return (
    <p className="small muted caption">
      {words(map, normals)}
      {stored && ' Stored result of a finished run.'}
    </p>
  );
}

function words(map: 'fused' | 'normal' | 'abnormal' | 'mask', normals: number): string {
  switch (map) {
    case 'fused':
      return `Bright = does not look like the ${normals} normal images.`;
    case 'normal':
      return 'Bright = the normal branch alone rebuilds this place badly.';
    case 'abnormal':
      return 'Red = channel 0 of the abnormal branch is positive. It means “pasted” only as stage 1 leaves it.';
    case 'mask':
      return 'Bright = cells of the feature map that carry the pasted block. The true mask has its own button above.';
  }
}
