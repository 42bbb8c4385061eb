// One step: what it says, the question, then, once the reader has said what they expect, what came of it, the formula
// beside its number, and what to try.
import { useEffect, useRef, useState } from 'react';
import { reached as isReached, type Step } from '../../settings/story';
import { Icon } from '../controls/Icon';
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { ENTRIES } from './formulas';
import { openReady, READY } from './ready';
import { readingOf } from './readings';
import { answer, noteReached, setUp, startOver, UNASKED, useTelling } from './telling';
import { t } from '../languages/texts';

interface Props {
  step: Step;
  index: number;
  count: number;
  current: boolean;
  /** Made by a teacher, not come with the page. */
  own: boolean;
}

export function StepCard({ step, index, count, current, own }: Props) {
  const chosen = useTelling((state) => state.answers[index] ?? null);
  const problem = useTelling((state) => (current ? state.problem : null));
  const asked = step.question !== '' && step.choices.length > 0;
  const told = chosen !== null || !hasScene(step);
  return (
    <li
      className={`step ${current ? 'current' : ''} ${chosen === null ? '' : 'answered'}`}
      aria-current={current ? 'step' : undefined}
      aria-label={t('Step {index} of {count}: {title}', { index: index + 1, count, title: step.title })}
    >
      <h3 dir="auto">
        <span className="step-number" aria-hidden="true">
          {index + 1}
        </span>
        {step.title}
      </h3>
      {step.text !== '' && (
        <p className="step-text intro" dir="auto">
          {step.text}
        </p>
      )}
      {asked ? (
        <Question step={step} index={index} chosen={chosen} />
      ) : (
        chosen === null &&
        hasScene(step) && (
          <button type="button" className="button primary" onClick={() => answer(index, UNASKED, step)}>
            {t('Show it')}
          </button>
        )
      )}
      <div role="status" className="step-answer">
        {problem && <p className="step-problem">{problem}</p>}
        {chosen !== null && <Came step={step} chosen={chosen} />}
      </div>
      {told && step.formula && <FormulaLine formula={step.formula} />}
      {told && (step.task !== '' || step.until.length > 0) && (
        <Task step={step} index={index} current={current} />
      )}
      {chosen !== null && hasScene(step) && (
        <p>
          <button type="button" className="button quiet" onClick={() => void setUp(step)}>
            <Icon name="reset" />
            {t('Set this up again')}
          </button>
        </p>
      )}
      {index === count - 1 && told && <End own={own} />}
    </li>
  );
}

const hasScene = ({ scene: { data, image, set, line, train } }: Step): boolean =>
  data !== '' || image !== '' || line !== null || train !== null || Object.keys(set).length > 0;

/** Asked before anything is shown. The first choice counts. */
function Question({ step, index, chosen }: { step: Step; index: number; chosen: number | null }) {
  const done = chosen !== null;
  return (
    <div role="group" aria-label={step.question} className="question">
      <p dir="auto">
        <strong>{step.question}</strong>
      </p>
      {step.choices.map(
        ({ text, right }, choice) =>
          // What was neither expected nor right is of no use any more.
          (!done || right || chosen === choice) && (
            <button
              key={choice}
              type="button"
              className={`choice ${done && right ? 'right' : ''} ${chosen === choice && !right ? 'wrong' : ''}`}
              dir="auto"
              aria-pressed={chosen === choice}
              aria-disabled={done}
              onClick={() => !done && answer(index, choice, step)}
            >
              {text}
              {done && right && <Icon name="check" />}
            </button>
          ),
      )}
      {!done && (
        <button type="button" className="button quiet" onClick={() => answer(index, UNASKED, step)}>
          {t('I do not know: show it')}
        </button>
      )}
    </div>
  );
}

/** What the expectation was worth, and why. */
function Came({ step, chosen }: { step: Step; chosen: number }) {
  const words = useRef<HTMLParagraphElement>(null);
  const isNew = useRef(true);
  useEffect(() => {
    if (isNew.current) words.current!.closest('.step-answer')!.scrollIntoView({ block: 'nearest' });
    isNew.current = false;
  }, []);
  const choice = step.choices[chosen];
  const judged = choice && step.choices.some(({ right }) => right);
  return (
    <p ref={words} dir="auto" className="step-text">
      {judged && (
        <strong>{choice.right ? t('As you expected. ') : t('Otherwise than you expected. ')}</strong>
      )}
      {step.answer}
    </p>
  );
}

function FormulaLine({ formula }: { formula: keyof typeof ENTRIES }) {
  const { formula: written, about, now } = ENTRIES[formula];
  const number = useApp(now);
  return (
    <p className="step-formula">
      <span className="formula">{t(written)}</span>
      <strong data-testid={`number-${formula}`}>{t(number)}</strong>
      <span className="small muted">{t(about)}</span>
    </p>
  );
}

const SETTLE_MS = 600;

/** What the reader is to reach, ticked off when the page shows that they have. */
function Task({ step, index, current }: { step: Step; index: number; current: boolean }) {
  const done = useTelling((state) => state.reached[index] === true);
  const now = useApp((state) => current && !done && isReached(step.until, (what) => readingOf(state, what)));
  const [hinted, setHinted] = useState(false);
  // For a moment after a change the numbers are still those of before.
  useEffect(() => {
    if (!now) return;
    const settled = setTimeout(() => noteReached(index), SETTLE_MS);
    return () => clearTimeout(settled);
  }, [now, index]);
  return (
    <div className={`step-task ${done ? 'done' : ''}`}>
      <p dir="auto" role="status">
        <Icon name={done ? 'check' : 'step'} />
        <span>
          {step.task || t('Try it on the page.')}
          {done && <strong> {t('Done.')}</strong>}
        </span>
      </p>
      {step.hint !== '' &&
        (hinted ? (
          <p className="small" dir="auto">
            {step.hint}
          </p>
        ) : (
          <button type="button" className="button quiet" onClick={() => setHinted(true)}>
            {t('Hint')}
          </button>
        ))}
    </div>
  );
}

/** After the last step: further lessons, and how to make one. */
function End({ own }: { own: boolean }) {
  const ready = useApp((state) => state.view.lesson.ready);
  return (
    <div className="step-end">
      <button type="button" className="button quiet" onClick={startOver}>
        <Icon name="reset" />
        {t('From the beginning')}
      </button>
      {!own && (
        <>
          <p className="small muted">{t('Further lessons')}</p>
          <ul>
            {READY.filter(({ name }) => name !== ready).map(({ name, title }) => (
              <li key={name}>
                <button type="button" className="button quiet" onClick={() => openReady(name)}>
                  {t(title)}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="button quiet"
            onClick={() => setLayout({ lessonEditorOpen: true })}
          >
            {t('Make a lesson of your own')}
          </button>
        </>
      )}
    </div>
  );
}
