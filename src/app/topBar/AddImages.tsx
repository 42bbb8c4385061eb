// The button beside the chooser: the user's own images from files. Folders and sides are offered in the data panel.
import { addFiles } from '../images/own';
import { FileButton } from '../controls/FileButton';
import { t } from '../languages/texts';

export function AddImages({ compact }: { compact: boolean }) {
  return (
    <FileButton
      label={t('Drop or add your own images')}
      icon="image"
      accept={IMAGE_TYPES}
      multiple
      onFiles={(files) => void addFiles(files, 'train', 'chosen')}
    >
      {compact ? null : t('Add images')}
    </FileButton>
  );
}

/** What the decoder reads, archives and what says what is what; weights may come through the same door. */
export const IMAGE_TYPES =
  '.png,.jpg,.jpeg,.webp,.bmp,image/png,image/jpeg,image/webp,image/bmp,.tif,.tiff,image/tiff,.zip,application/zip,.tar,.tgz,.txz,.gz,.xz,.csv,.json,.safetensors';
