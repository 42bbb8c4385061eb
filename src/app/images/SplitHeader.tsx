// Heading of one side of the set, with its file and folder buttons.
import type { Split } from '../../engine/api/types';
import { addFiles } from './own';
import { FileButton } from '../controls/FileButton';
import { HelpTip } from '../help/HelpTip';
import { IMAGE_TYPES } from '../topBar/AddImages';

export function SplitHeader({ split, title, count }: { split: Split; title: string; count: string }) {
  const what = split === 'train' ? 'normal images to train on' : 'images to test';
  return (
    <div className="split-header">
      <h2 className="panel-title">
        {title} <span className="muted small">{count}</span>
      </h2>
      <HelpTip topic={split === 'train' ? 'trainImages' : 'testImages'} title={title} />
      <span className="spring" />
      <FileButton
        label={`Add ${what}`}
        icon="plus"
        accept={IMAGE_TYPES}
        multiple
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
      <FileButton
        label={`Add a folder of ${what}`}
        icon="folder"
        folder
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
    </div>
  );
}
