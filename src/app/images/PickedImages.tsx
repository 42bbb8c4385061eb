// What can be done with several images at once: label, side, removal. In place of the line about the one on screen.
import type { Label, Side } from '../../engine/api/types';
import { labelImages, moveImages, removeImages } from './edits';
import { unmarkAll } from './selection';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { t } from '../languages/texts';

export default function PickedImages() {
  const marked = useApp((state) => state.data.marked);
  const own = useApp((state) => state.data.marked.some((id) => state.data.images[id]?.own));
  const none = marked.length === 0;
  return (
    <div className="selected-image" role="group" aria-label={t('Selected images')}>
      <p className="small row">
        <span aria-live="polite">
          {none
            ? t('Choose images by clicking or tapping them.')
            : t('{marked, plural, one {# image} other {# images}} selected', { marked: marked.length })}
        </span>
        <span className="spring" />
        {!none && (
          <IconButton
            icon="trash"
            label={t('Remove {marked, plural, one {# image} other {# images}}', { marked: marked.length })}
            onClick={() => void removeImages(marked)}
          />
        )}
        <IconButton icon="close" label={t('Select none')} onClick={unmarkAll} />
      </p>
      <div className="row">
        {own && <LabelAll ids={marked} />}
        <span className="spring" />
        {own &&
          (['train', 'test'] as const).map((split) => <MoveAll key={split} ids={marked} split={split} />)}
      </div>
    </div>
  );
}

function MoveAll({ ids, split }: { ids: readonly string[]; split: Side }) {
  const needed = useApp(({ data }) => ids.some((id) => data.images[id] && data.images[id].split !== split));
  return (
    <button
      type="button"
      className="button quiet"
      disabled={!needed}
      onClick={() => void moveImages(ids, split)}
    >
      {split === 'train' ? t('To train') : t('To test')}
    </button>
  );
}

function LabelAll({ ids }: { ids: readonly string[] }) {
  return (
    <select
      className="select"
      aria-label={t('Label of the selected images')}
      value=""
      onChange={(event) => void labelImages(ids, JSON.parse(event.target.value) as Label)}
    >
      <option value="" disabled>
        {t('Label…')}
      </option>
      <option value="0">{t('Normal')}</option>
      <option value="1">{t('Defect')}</option>
      <option value="null">{t('Unknown')}</option>
    </select>
  );
}
