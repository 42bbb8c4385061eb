// What a lesson cannot show here, in one sentence: images that are not there, words that make no sense.
import { isOwnSet, imagesOf } from '../shell/selectors';
import type { AppState } from '../shell/appState';
import { useApp } from '../shell/store';
import { t } from '../languages/texts';

export function MissingImages({ problems, unknown }: { problems: readonly string[]; unknown: boolean }) {
  const images = useApp(missing);
  const ready = useApp((state) => state.view.lesson.ready);
  const said = unknown
    ? t('This page has no lesson called “{ready}”.', { ready })
    : (images ?? problems.join(' '));
  return said === '' ? null : (
    <p className="step-problem" role="status">
      {said}
    </p>
  );
}

function missing({ data, link, params }: AppState): string | null {
  if (data.status === 'failed')
    return t(
      'The images of this lesson, “{dataset}”, could not be loaded: choose another set at the top, or ask who made the lesson.',
      { dataset: params.dataset },
    );
  if (data.status === 'loading') return null;
  const { train, test } = link.wanted?.own ?? { train: 0, test: 0 };
  if (isOwnSet(params) && data.order.length === 0) {
    const whose = link.wanted
      ? t('{train, plural, one {# image} other {# images}} of its maker’s own', { train: train + test || 1 })
      : t('images of one’s own');
    return t('This lesson was made with {whose}: add them to follow it, or choose a set at the top.', {
      whose,
    });
  }
  return imagesOf(data, 'train').length === 0
    ? t('This lesson needs normal images to learn from: add some, or choose a set at the top.')
    : null;
}
