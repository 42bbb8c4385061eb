// Which line on the image is which, as long as there is more than the threshold's.
import { useDrawing } from '../mask/drawing';
import { selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';
import { blockOf, contourOf } from './liveViewRequest';
import { t } from '../languages/texts';

export function StageKey() {
  const pasted = useApp((state) => state.engine.features !== null && blockOf(state) !== null);
  const masked = useDrawing((state) => state.outlined);
  const contour = useApp((state) => contourOf(state) !== null);
  const image = useApp(selectedImage);
  if (!image || (!pasted && !masked)) return null;
  return (
    <p className="stage-key">
      {pasted && <span className="key-block">{t('pasted into features, not pixels')}</span>}
      {masked && <span className="key-mask">{t('true mask')}</span>}
      {contour && <span>{t('threshold')}</span>}
    </p>
  );
}
