// The way into the story: there from the first view on, as long as no lesson is open.
import { isLesson, NO_LESSON } from '../../settings/lesson';
import { setLesson } from '../lesson/guardLesson';
import { useApp } from '../shell/store';

const begin = () => setLesson({ ...NO_LESSON, ready: 'story' });

export function StoryButton({ compact }: { compact: boolean }) {
  const told = useApp((state) => isLesson(state.view.lesson));
  if (told) return null;
  return (
    <button
      type="button"
      className="button story-button"
      aria-label="How does it work? 7 steps"
      onClick={begin}
    >
      {compact ? 'How it works' : 'How does it work?'}
      <span aria-hidden="true">7 steps</span>
    </button>
  );
}
