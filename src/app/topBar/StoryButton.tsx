// The way into the story: there from the first view on, as long as no lesson is open.
import { isLesson, NO_LESSON } from '../../settings/lesson';
import { setLesson } from '../lesson/guardLesson';
import { useApp } from '../shell/store';
import { t } from '../languages/texts';

const begin = () => setLesson({ ...NO_LESSON, ready: 'story' });

export function StoryButton({ compact }: { compact: boolean }) {
  const told = useApp((state) => isLesson(state.view.lesson));
  if (told) return null;
  return (
    <button
      type="button"
      className="button story-button"
      aria-label={t('How does it work? 7 steps')}
      onClick={begin}
    >
      {compact ? t('How it works') : t('How does it work?')}
      <span aria-hidden="true">{t('7 steps')}</span>
    </button>
  );
}
