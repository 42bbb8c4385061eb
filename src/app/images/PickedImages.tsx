// What can be done with several images at once: label, side, removal. In place of the line about the one on screen.
import type { Label, Side } from '../../engine/api/types';
import { labelImages, moveImages, removeImages } from './edits';
import { unmarkAll } from './selection';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../controls/format';

export default function PickedImages() {
  const marked = useApp((state) => state.data.marked);
  const own = useApp((state) => state.data.marked.some((id) => state.data.images[id]?.own));
  const none = marked.length === 0;
  return (
    <div className="selected-image" role="group" aria-label="Selected images">
      <p className="small row">
        <span aria-live="polite">
          {none ? 'Choose images by clicking or tapping them.' : `${plural(marked.length, 'image')} selected`}
        </span>
        <span className="spring" />
        {!none && (
          <IconButton
            icon="trash"
            label={`Remove ${plural(marked.length, 'image')}`}
            onClick={() => void removeImages(marked)}
          />
        )}
        <IconButton icon="close" label="Select none" onClick={unmarkAll} />
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
      To {split}
    </button>
  );
}

function LabelAll({ ids }: { ids: readonly string[] }) {
  return (
    <select
      className="select"
      aria-label="Label of the selected images"
      value=""
      onChange={(event) => void labelImages(ids, JSON.parse(event.target.value) as Label)}
    >
      <option value="" disabled>
        Label…
      </option>
      <option value="0">Normal</option>
      <option value="1">Defect</option>
      <option value="null">Unknown</option>
    </select>
  );
}
