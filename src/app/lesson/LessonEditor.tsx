// Making a lesson: title, task or steps, and for every control whether it is shown, locked or hidden. The page beside it is the
// preview: what is chosen here happens there at once, and the address is the lesson's link.
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { plainText, ruleOf, TASK_LENGTH, TITLE_LENGTH, type Rule } from '../../settings/lesson';
import { copyLink } from '../share/linkSync';
import { setLayout } from '../shell/layout';
import { leaveLesson, setLesson, setRule } from './guardLesson';
import { getState, useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { PARTS, ROW_GROUPS, type Named } from './controls';
import { msg, t } from '../languages/texts';
import '../settings/drawer.css';
import './lesson.css';

const StepsEditor = lazy(() => import('./StepsEditor'));

const close = () => setLayout({ lessonEditorOpen: false });

export default function LessonEditor() {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    drawer.current!.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  const share = () => setLayout({ lessonEditorOpen: false, shareOpen: true });
  return (
    <aside
      ref={drawer}
      className="drawer lesson-editor"
      tabIndex={-1}
      aria-label={t('Lesson editor')}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div className="drawer-head">
        <h2 className="panel-title">{t('Make a lesson')}</h2>
        <span className="spring" />
        <IconButton icon="close" label={t('Close the lesson editor')} onClick={close} />
      </div>
      <div className="drawer-body">
        <section aria-label={t('Words')}>
          <p className="small muted">
            {t(
              'Set the page as the class should find it, then choose here what they see. The page beside this is what they will see.',
            )}
          </p>
          <Words what="title" label={t('Title')} length={TITLE_LENGTH} />
          <Words what="task" label={t('Task')} length={TASK_LENGTH} />
        </section>
        <Suspense>
          <StepsEditor />
        </Suspense>
        <section aria-label={t('Parts of the screen')}>
          <h3 className="panel-title">{t('Parts of the screen')}</h3>
          <Rules controls={PARTS} />
        </section>
        <section aria-label={t('Single controls')}>
          <h3 className="panel-title">{t('Single controls')}</h3>
          {ROW_GROUPS.map((group) => (
            <RowGroup key={group.title} {...group} />
          ))}
        </section>
      </div>
      <div className="lesson-actions">
        <button type="button" className="button primary" onClick={() => void copyLink()}>
          {t('Copy lesson link')}
        </button>
        <button type="button" className="button" onClick={share}>
          {t('QR code')}
        </button>
        <span className="spring" />
        <Discard />
      </div>
    </aside>
  );
}

/** The title or the task: what is typed stays as typed here, and goes into the link as plain text. */
function Words({ what, label, length }: { what: 'title' | 'task'; label: string; length: number }) {
  const [draft, setDraft] = useState(() => getState().view.lesson[what]);
  const kept = useApp((state) => state.view.lesson[what]);
  const lines = what === 'task';
  const take = (typed: string) => {
    const text = [...typed].slice(0, length).join('');
    setDraft(text);
    setLesson({ ...getState().view.lesson, [what]: plainText(text, length, lines) });
  };
  const box = {
    className: 'lesson-words',
    value: draft,
    onBlur: () => setDraft(kept),
    'aria-label': t('{label} of the lesson', { label }),
  };
  return (
    <label className="lesson-field">
      <span className="row">
        {label}
        <span className="spring" />
        <span className="small muted">{t('{value} of {length}', { value: [...draft].length, length })}</span>
      </span>
      {lines ? (
        <textarea {...box} rows={5} onChange={(event) => take(event.target.value)} />
      ) : (
        <input {...box} type="text" onChange={(event) => take(event.target.value)} />
      )}
    </label>
  );
}

function RowGroup({ title, rows }: { title: string; rows: readonly Named[] }) {
  const lesson = useApp((state) => state.view.lesson);
  const count = rows.filter(({ control }) => ruleOf(lesson, control) !== 'open').length;
  return (
    <details>
      <summary>
        {t(title)}{' '}
        <span className="small muted">
          {count > 0 ? t('{count} locked or hidden', { count }) : `${rows.length}`}
        </span>
      </summary>
      <Rules controls={rows} />
    </details>
  );
}

const RULES: readonly { value: Rule; label: string }[] = [
  { value: 'open', label: msg('Shown') },
  { value: 'locked', label: msg('Locked') },
  { value: 'hidden', label: msg('Hidden') },
];

function Rules({ controls }: { controls: readonly Named[] }) {
  const lesson = useApp((state) => state.view.lesson);
  return (
    <ul className="lesson-rules">
      {controls.map(({ control, label }) => (
        <li key={control} className="row">
          <span className="clip">{t(label)}</span>
          <span className="spring" />
          <select
            className="select"
            aria-label={t('{label}: for the class', { label: t(label) })}
            value={ruleOf(lesson, control)}
            onChange={(event) => setRule(control, event.target.value as Rule)}
          >
            {RULES.filter(({ value }) => control !== 'moves' || value !== 'locked').map(
              ({ value, label: name }) => (
                <option key={value} value={value}>
                  {t(name)}
                </option>
              ),
            )}
          </select>
        </li>
      ))}
    </ul>
  );
}

function Discard() {
  const discard = () => {
    leaveLesson();
    close();
  };
  return (
    <button type="button" className="button quiet" onClick={discard}>
      {t('Discard')}
    </button>
  );
}
