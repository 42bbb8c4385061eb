// The mask over the image: outlined when one wants to see it, and drawn on while it is being made. What shows it is loaded
// when it is first wanted.
import { lazy, Suspense } from 'react';
import { useDrawing } from './drawing';
import { selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';

const MaskSheet = lazy(() => import('./MaskSheet'));

export function MaskLayer() {
  const image = useApp(selectedImage);
  const drawn = useDrawing((state) => state.image);
  const outlined = useDrawing((state) => state.outlined);
  if (!image || image.width === 0) return null;
  const drawing = drawn === image.id;
  if (!drawing && !outlined) return null;
  return (
    <Suspense fallback={null}>
      <MaskSheet drawing={drawing} />
    </Suspense>
  );
}
