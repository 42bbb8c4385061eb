// The place of the lesson that is open: a column of its own beside the image, on a phone a sheet below it. Nothing when
// there is none; what is shown there loads with the first lesson.
import { lazy, Suspense } from 'react';
import { isLesson } from '../../settings/lesson';
import { useApp } from '../shell/store';

const LessonPanel = lazy(() => import('../story/LessonPanel'));

export function LessonPart() {
  const open = useApp((state) => isLesson(state.view.lesson));
  if (!open) return null;
  return (
    <div className="lesson-part">
      <Suspense>
        <LessonPanel />
      </Suspense>
    </div>
  );
}
