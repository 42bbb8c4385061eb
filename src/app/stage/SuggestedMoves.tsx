// What to try first, beside the button that trains; gone once something was tried, or dismissed.
import { setLayout } from '../shell/layout';
import { addFiles } from '../images/own';
import { setParams } from '../settings/actions';
import { imagesOf } from '../shell/selectors';
import { selectImage } from './actions';
import { getState, useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { IMAGE_TYPES } from '../topBar/AddImages';
import { ruleOf, type Hideable } from '../../settings/lesson';
import { useHidden } from '../lesson/Lock';
import { t } from '../languages/texts';

export function SuggestedMoves() {
  const dismissed = useApp((state) => state.layout.movesDismissed);
  const ready = useApp((state) => state.engine.status === 'ready');
  const lesson = useApp((state) => state.view.lesson);
  const hasImages = useApp((state) => state.data.order.length > 0);
  // Opened, the dock has other things to say.
  const training = useApp((state) => state.layout.trainingOpen);
  // A lesson with steps says itself what to do next.
  const told = lesson.steps !== '' || lesson.ready !== '';
  if (useHidden('moves') || dismissed || training || told || !hasImages) return null;
  const open = (part: Hideable) => ruleOf(lesson, part) === 'open';
  if (!open('block') && !open('data')) return null;
  return (
    <section className="moves" aria-label={t('Suggested first moves')}>
      <span className="muted">{t('Try')}</span>
      {open('block') && (
        <button type="button" className="button" disabled={!ready} onClick={pasteBlock}>
          <Icon name="move" />
          {t('Drag a defect')}
        </button>
      )}
      {open('data') && (
        <FileButton
          label={t('Drop or choose your own images')}
          icon="image"
          accept={IMAGE_TYPES}
          multiple
          onFiles={(files) => {
            setLayout({ movesDismissed: true });
            void addFiles(files, 'train');
          }}
        >
          {t('Your own images')}
        </FileButton>
      )}
      <IconButton
        icon="close"
        label={t('Dismiss suggestions')}
        onClick={() => setLayout({ movesDismissed: true })}
      />
    </section>
  );
}

/**
 * Pastes a block onto a normal image, where it is the only defect, and puts the keyboard on its handle, which appears with
 * the next frame.
 */
function pasteBlock(): void {
  const { data } = getState();
  const test = imagesOf(data, 'test');
  const shown = test.find(({ id }) => id === data.selected);
  const normal = test.find(({ label }) => label === 0) ?? imagesOf(data, 'train')[0];
  if (shown?.label === 1 && normal) selectImage(normal.id);
  setParams({ fbpOn: true });
  setLayout({ tab: 'block', movesDismissed: true });
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-block-handle]')?.focus());
}
