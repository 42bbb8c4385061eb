// Above the image while a mask is drawn: brush, eraser, way back, and how to end.
import { BRUSH, clearDrawing, keepDrawing, setBrush, stopDrawing, undoStroke, useDrawing } from './drawing';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { Range } from '../controls/Range';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

export default function MaskTools() {
  const image = useDrawing((state) => state.image);
  const mask = useDrawing((state) => state.mask);
  const radius = useDrawing((state) => state.radius);
  const erasing = useDrawing((state) => state.erasing);
  // What changes in the mask is told by its count of changes.
  useDrawing((state) => state.revision);
  const selected = useApp((state) => state.data.selected);
  if (!mask || image !== selected) return null;
  return (
    <div className="stage-toolbar mask-tools" role="toolbar" aria-label={t('Mask drawing')}>
      <strong>{t('Mask')}</strong>
      <HelpTip topic="mask" title={t('Mask')} />
      <span className="opacity">
        <span className="muted" aria-hidden="true">
          {t('Brush')}
        </span>
        <Range
          label={t('Brush')}
          row={BRUSH}
          value={radius}
          home={BRUSH.default}
          unit={t('of the image’s longest side')}
          onChange={(value) => setBrush({ radius: value })}
        />
      </span>
      <IconButton
        icon="eraser"
        label={t('Erase instead of drawing (E)')}
        aria-pressed={erasing}
        onClick={() => setBrush({ erasing: !erasing })}
      />
      <IconButton
        icon="undo"
        label={t('Undo the last stroke (Z)')}
        disabled={!mask.canUndo}
        onClick={undoStroke}
      />
      <IconButton icon="trash" label={t('Clear the mask')} disabled={mask.isEmpty} onClick={clearDrawing} />
      <span className="spring" />
      <button type="button" className="button" onClick={stopDrawing}>
        {t('Cancel')}
      </button>
      <button type="button" className="button primary" onClick={() => void keepDrawing()}>
        {t('Keep mask')}
      </button>
    </div>
  );
}
