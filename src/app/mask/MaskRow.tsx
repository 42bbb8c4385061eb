// The ground truth of the image on screen: whether there is one, its outline, and for the user's own images drawing,
// importing and taking away.
import { setMask } from './actions';
import { outlineMasks, startDrawing, stopDrawing, useDrawing } from './drawing';
import { hasMask } from '../images/pictures';
import type { ImageRecord } from '../images/dataSlice';
import { FileButton } from '../controls/FileButton';
import { IconButton } from '../controls/IconButton';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

const MASK_TYPES =
  '.png,.jpg,.jpeg,.webp,.bmp,image/png,image/jpeg,image/webp,image/bmp,.tif,.tiff,image/tiff';

export function MaskRow({ image }: { image: ImageRecord }) {
  const outlined = useDrawing((state) => state.outlined);
  const drawing = useDrawing((state) => state.image === image.id);
  const there = hasMask(image.id);
  if (!there && !image.own) return null;
  return (
    <div className="row mask-row" role="group" aria-label={t('Mask')}>
      <span className="small">
        <HelpTip topic="mask" title={t('Mask')}>
          {t('Mask')}
        </HelpTip>{' '}
        <span className="muted">{there ? t('there') : t('none')}</span>
      </span>
      <span className="spring" />
      {there && (
        <IconButton
          icon="outline"
          label={t('Outline the mask on the image')}
          aria-pressed={outlined}
          onClick={() => outlineMasks(!outlined)}
        />
      )}
      {image.own && (
        <>
          <IconButton
            icon="brush"
            label={there ? t('Draw on the mask') : t('Draw a mask')}
            aria-pressed={drawing}
            disabled={image.width === 0}
            onClick={() => (drawing ? stopDrawing() : void startDrawing(image))}
          />
          <FileButton
            label={t('Import a mask from a file')}
            icon="folder"
            accept={MASK_TYPES}
            quiet
            onFiles={([first]) => void importMask(image.id, first!.file)}
          />
          {there && (
            <IconButton
              icon="trash"
              label={t('Remove the mask')}
              onClick={() => void setMask(image.id, null)}
            />
          )}
        </>
      )}
    </div>
  );
}

/** The outline shows at once whether it lies where it should. */
export async function importMask(id: string, file: File): Promise<void> {
  outlineMasks(true);
  await setMask(id, file);
}
