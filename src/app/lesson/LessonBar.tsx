// The lesson that is open: its title and task, as plain text, and the way out. Nothing when there is none.
import { useState } from 'react';
import { isLesson } from '../../settings/lesson';
import { leaveLesson } from './guardLesson';
import { useApp } from '../shell/store';
import { HelpTip } from '../help/HelpTip';
import './lesson.css';

export function LessonBar() {
  const lesson = useApp((state) => state.view.lesson);
  const editing = useApp((state) => state.layout.lessonEditorOpen);
  const [folded, setFolded] = useState(false);
  if (!isLesson(lesson)) return null;
  const { title, task } = lesson;
  return (
    <section className="lesson" aria-label="Lesson">
      <div className="row">
        <h2 className="lesson-title" dir="auto">
          {title || 'Lesson'}
        </h2>
        <HelpTip topic="lesson" title="a lesson" />
        <span className="spring" />
        {task && (
          <button
            type="button"
            className="button quiet"
            aria-expanded={!folded}
            onClick={() => setFolded(!folded)}
          >
            {folded ? 'Show the task' : 'Fold the task'}
          </button>
        )}
        <button type="button" className="button" disabled={editing} onClick={leaveLesson}>
          Leave the lesson
        </button>
      </div>
      {task && !folded && (
        <p className="lesson-task" dir="auto">
          {task}
        </p>
      )}
    </section>
  );
}
