// The answer in words: score, verdict, threshold, and below it what was learned and what the colours mean.
import { isTraining, scoreOnScreen, selectedImage, threshold, imagesOf, mapInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import type { AppState } from '../shell/appState';
import { formatScore } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { msg, t } from '../languages/texts';

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
          <span className="muted">{t('no score yet')}</span>
        ) : (
          <>
            <HelpTip topic="score" title={t('Score')}>
              {t('score')}
            </HelpTip>{' '}
            {formatScore(score)}
            {line !== null && (
              <>
                {': '}
                <strong className={above ? 'anomalous' : 'normal'}>
                  {above ? t('ANOMALOUS') : t('normal')}
                </strong>
              </>
            )}
          </>
        )}
        <span className="muted no-wrap">
          {training && t('(the model is learning) ')}
          {score !== null && line !== null && t('(threshold {line})', { line: formatScore(line) })}
        </span>
        {untrained && <span className="warning-label">{t('not trained for this value')}</span>}
      </p>
      <Headline />
    </div>
  );
}

/** One sentence on what it has learned, and one on what one looks at. */
function Headline() {
  const map = useApp(mapInUse);
  const learned = useApp(learnedFrom);
  const source = useApp((state) => state.model.source);
  return (
    <p className="headline">
      {learned && <span className="headline-learned">{learned} </span>}
      {(source !== 'none' || map === 'mask') && <span className="muted small">{t(WORDS[map])}</span>}
      {!learned && map !== 'mask' && <>&nbsp;</>}
    </p>
  );
}

/** Of what the model that draws the map has seen. */
function learnedFrom(state: AppState): string {
  const train = imagesOf(state.data, 'train');
  const defects = train.filter(({ label }) => label === 1).length;
  const good = t(NOUNS[state.data.set.id] ?? GOOD_IMAGES, { n: train.length - defects });
  if (train.length === 0) return '';
  if (isTraining(state)) return t('It is learning from {good}.', { good });
  if (state.model.source === 'none') return '';
  return defects > 0
    ? t('Learned from {good} and {defects, plural, one {# defect} other {# defects}}.', { good, defects })
    : t('Learned from {good}. It has never seen a defect.', { good });
}

/** What a set's images show. */
const NOUNS: Record<string, string> = {
  parts: msg('{n, plural, one {# good part} other {# good parts}}'),
  circuit: msg('{n, plural, one {# good board} other {# good boards}}'),
  fabric: msg('{n, plural, one {# good piece} other {# good pieces}}'),
};
const GOOD_IMAGES = msg('{n, plural, one {# good image} other {# good images}}');

const WORDS = {
  fused: msg('Bright = unlike them.'),
  normal: msg('Bright = the normal branch alone rebuilds this place badly.'),
  abnormal: msg('Red = channel 0 of the abnormal branch is positive: “pasted”, as stage 1 leaves it.'),
  mask: msg('Bright = cells of the feature map that carry the pasted block.'),
};
