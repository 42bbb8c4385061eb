// The lesson that is open, beside the page it is about: title, task, and its steps, one after the other. One goes on by
// scrolling (on a phone: swiping), by the arrow keys, or by the buttons. All of a stranger's words are plain text.
import { useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { NO_LESSON, type Lesson } from '../../settings/lesson';
import { readStory, type Step } from '../../settings/story';
import { IconButton } from '../controls/IconButton';
import { HelpTip } from '../help/HelpTip';
import { NARROW, useMediaQuery } from '../hooks/useMediaQuery';
import { leaveLesson } from '../lesson/guardLesson';
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { MissingImages } from './MissingImages';
import { inWords, readyLesson } from './ready';
import { StepCard } from './StepCard';
import { digestOf, fold, goTo, lookAt, open, useTelling } from './telling';
import { useSteps } from './useSteps';
import { t } from '../languages/texts';
import { useLanguage } from '../languages/language';
import './story.css';

export default function LessonPanel() {
  const lesson = useApp((state) => state.view.lesson);
  const editing = useApp((state) => state.layout.lessonEditorOpen);
  const language = useLanguage();
  const source = useMemo(() => told(lesson), [lesson]);
  const {
    title,
    task,
    steps: words,
  } = useMemo(
    () => (lesson.ready === '' || language === 'en' ? source : inWords(source)),
    [lesson, language, source],
  );
  const { steps, problems } = useMemo(() => readStory(words), [words]);
  const key = digestOf(`${lesson.ready} ${source.title} ${source.steps}`);
  useLayoutEffect(() => open(key, steps.length, editing), [key, steps.length, editing]);
  const at = Math.min(
    useTelling((state) => state.at),
    Math.max(0, steps.length - 1),
  );
  const current = steps[at] ?? null;
  useEffect(() => {
    lookAt(current);
    return () => lookAt(null);
  }, [current]);
  const narrow = useMediaQuery(NARROW);
  const folded = useTelling((state) => state.folded) && narrow;
  const panel = useRef<HTMLElement>(null);
  const stepped = steps.length > 0;
  useEffect(() => {
    // Whoever opened it by a button that is gone goes on here.
    if (stepped && document.activeElement === document.body) panel.current!.focus({ preventScroll: true });
  }, [stepped]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined || steps.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(Math.min(steps.length - 1, Math.max(0, to)));
  };
  return (
    <section
      ref={panel}
      className={`lesson ${steps.length > 0 ? 'with-steps' : ''} ${folded ? 'folded' : ''}`}
      aria-label={t('Lesson')}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="row lesson-head">
        <h2 className="lesson-title" dir="auto">
          {title || t('Lesson')}
        </h2>
        <HelpTip topic="lesson" title={t('a lesson')} />
        <span className="spring" />
        {narrow && (task !== '' || steps.length > 0) && (
          <button
            type="button"
            className="button quiet"
            aria-expanded={!folded}
            onClick={() => (folded ? fold(false) : toPanels(current))}
          >
            {folded ? t('Show the lesson') : t('To the panels')}
          </button>
        )}
        <IconButton icon="close" label={t('Leave the lesson')} disabled={editing} onClick={leaveLesson} />
      </div>
      {!folded && (
        <>
          {task !== '' && (
            <p className="lesson-task" dir="auto">
              {task}
            </p>
          )}
          <MissingImages problems={problems} unknown={lesson.ready !== '' && words === ''} />
          {steps.length > 0 && (
            <Steps key={lesson.ready} steps={steps} at={at} row={narrow} own={lesson.ready === ''} />
          )}
        </>
      )}
      {steps.length > 0 && !folded && <Pages steps={steps} at={at} />}
    </section>
  );
}

const TABS = { images: 'data', block: 'block', scores: 'scores', training: 'training' } as const;

/** Puts the sheet away for the panel that the step is about. */
function toPanels(step: Step | null): void {
  const look = step?.look.find((name) => name !== 'image');
  if (look) setLayout({ tab: TABS[look as keyof typeof TABS], sheet: 'part' });
  fold(true);
}

/** Its words: those of the link, or those that come with the page. */
function told(lesson: Lesson): Pick<Lesson, 'title' | 'task' | 'steps'> {
  if (lesson.ready === '') return lesson;
  return readyLesson(lesson.ready) ?? { ...NO_LESSON, title: lesson.title || 'Lesson' };
}

type StepList = ReturnType<typeof readStory>['steps'];

function Steps({ steps, at, row, own }: { steps: StepList; at: number; row: boolean; own: boolean }) {
  const list = useSteps(at, row);
  return (
    <ol className="steps" {...list} tabIndex={0} aria-label={t('Steps')}>
      {steps.map((step, index) => (
        <StepCard
          key={index}
          step={step}
          index={index}
          count={steps.length}
          current={index === at}
          own={own}
        />
      ))}
    </ol>
  );
}

/** Back, a dot for each step, next. */
function Pages({ steps, at }: { steps: StepList; at: number }) {
  const reached = useTelling((state) => state.reached);
  const [first, last] = [at === 0, at === steps.length - 1];
  return (
    <nav className="row pages" aria-label={t('Steps of the lesson')}>
      <button type="button" className="button" aria-disabled={first} onClick={() => !first && goTo(at - 1)}>
        {t('Back')}
      </button>
      <span className="dots">
        {steps.map(({ title }, index) => (
          <button
            key={index}
            type="button"
            className={`dot ${reached[index] ? 'reached' : ''}`}
            aria-label={t('Step {index}: {title}{what}', {
              index: index + 1,
              title,
              what: reached[index] ? t(', done') : '',
            })}
            aria-current={index === at ? 'step' : undefined}
            title={title}
            onClick={() => goTo(index)}
          />
        ))}
      </span>
      <button
        type="button"
        className="button primary"
        aria-disabled={last}
        onClick={() => !last && goTo(at + 1)}
      >
        {t('Next')}
      </button>
    </nav>
  );
}
