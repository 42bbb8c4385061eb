// What is known of the image on screen, and what can be done with it: label, side, removal.
import type { Label } from '../../engine/api/types';
import { labelImages, moveImages, removeImages } from './edits';
import { startMarking } from './selection';
import { selectedImage } from '../shell/selectors';
import type { ImageRecord } from './dataSlice';
import { useApp } from '../shell/store';
import { MaskRow } from '../mask/MaskRow';
import { IconButton } from '../controls/IconButton';
import { useLocked } from '../lesson/Lock';
import { t } from '../languages/texts';
import { typeWords } from './classes';

export function SelectedImage() {
  const image = useApp(selectedImage);
  const locked = useLocked();
  if (!image) return null;
  const size = image.width > 0 ? `${image.width} × ${image.height} px` : '';
  return (
    <div className="selected-image">
      <p className="small row">
        <PathName path={image.name} />
        <span className="spring" />
        <span className="muted no-wrap">{size}</span>
        <IconButton icon="selectSeveral" label={t('Select several images')} onClick={startMarking} />
      </p>
      {image.notes.length > 0 && <p className="small muted">{image.notes.join(' ')}</p>}
      <MaskRow image={image} />
      <div className="row">
        <LabelChooser image={image} />
        <span className="spring" />
        {image.own && (
          <button
            type="button"
            className="button quiet"
            disabled={locked}
            onClick={() => void moveImages([image.id], image.split === 'train' ? 'test' : 'train')}
          >
            {image.split === 'train' ? t('To test') : t('To train')}
          </button>
        )}
        <IconButton
          icon="trash"
          label={t('Remove {name}', { name: image.name })}
          onClick={() => void removeImages([image.id])}
        />
      </div>
    </div>
  );
}

/** Folder and file: what tells images of a set apart. Where room is short the folder gives way first. */
function PathName({ path }: { path: string }) {
  const [folder, file] = path.split('/').slice(-2);
  return (
    <span className="path-name" title={path}>
      {file !== undefined && <span className="clip folder">{folder}/</span>}
      <span className="clip">{file ?? folder}</span>
    </span>
  );
}

/** Bundled images keep their labels; the user's own can be corrected. */
function LabelChooser({ image }: { image: ImageRecord }) {
  const locked = useLocked();
  const labelled =
    image.label === 1 ? t('Labelled {type}', { type: typeWords(image.type) }) : t('Labelled normal');
  if (!image.own) return <span className={image.label === 1 ? 'label-defect' : 'muted'}>{labelled}</span>;
  return (
    <select
      className="select"
      aria-label={t('Label of this image')}
      disabled={locked}
      value={String(image.label)}
      onChange={(event) => void labelImages([image.id], JSON.parse(event.target.value) as Label)}
    >
      <option value="0">{t('Normal')}</option>
      <option value="1">{t('Defect')}</option>
      <option value="null">{t('Unknown')}</option>
    </select>
  );
}
