// What to try first, at the edge of the picture: each is gone once it was done, and all of them once dismissed.
import { setLayout } from '../shell/layout';
import { addFiles } from '../images/own';
import { setParams } from '../settings/actions';
import { start } from '../training/actions';
import { imagesOf, isOwnSet, isTraining } from '../shell/selectors';
import { selectImage } from './actions';
import { getState, useApp } from '../shell/store';
import { FileButton } from '../controls/FileButton';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { IMAGE_TYPES } from '../topBar/AddImages';
import { isLesson, NO_LESSON, ruleOf, type Hideable } from '../../settings/lesson';
import { setLesson } from '../lesson/guardLesson';
import { useHidden } from '../lesson/Lock';

export function SuggestedMoves() {
  const dismissed = useApp((state) => state.layout.movesDismissed);
  const ready = useApp((state) => state.engine.status === 'ready');
  const lesson = useApp((state) => state.view.lesson);
  const hasImages = useApp((state) => state.data.order.length > 0);
  // What has been done needs no suggestion any more.
  const pasted = useApp((state) => state.params.fbpOn);
  const trained = useApp((state) => isTraining(state) || state.model.source === 'trained');
  const own = useApp((state) => isOwnSet(state.params));
  const told = lesson.steps !== '' || lesson.ready !== '';
  if (useHidden('moves') || dismissed || !hasImages || told) return null;
  const open = (part: Hideable) => ruleOf(lesson, part) === 'open';
  const [block, training, data] = [
    open('block') && !pasted,
    open('training') && !trained,
    open('data') && !own,
  ];
  // A teacher's own task is not to be interrupted by ours.
  const story = !isLesson(lesson);
  if (!story && !block && !training && !data) return null;
  return (
    <section className="moves" aria-label="Suggested first moves">
      {story && (
        <button type="button" className="button primary" onClick={tellStory}>
          How does it work? 7 steps
        </button>
      )}
      {block && (
        <button type="button" className="button" disabled={!ready} onClick={pasteBlock}>
          <Icon name="move" />
          Drag a defect
        </button>
      )}
      {training && (
        <button type="button" className="button" disabled={!ready} onClick={() => void start()}>
          <Icon name="play" />
          Train it yourself
        </button>
      )}
      {data && (
        <FileButton
          label="Drop or choose your own images"
          icon="image"
          accept={IMAGE_TYPES}
          multiple
          onFiles={(files) => void addFiles(files, 'train')}
        >
          Your own images
        </FileButton>
      )}
      <IconButton
        icon="close"
        label="Dismiss suggestions"
        onClick={() => setLayout({ movesDismissed: true })}
      />
    </section>
  );
}

const tellStory = () => setLesson({ ...NO_LESSON, ready: 'story' });

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
  setLayout({ tab: 'block' });
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-block-handle]')?.focus());
}
