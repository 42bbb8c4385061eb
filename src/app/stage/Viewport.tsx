// The window on the image: lays out picture, overlays and block in one rectangle, and turns wheel, pinch, drag and
// double click into zoom and pan.
import { lazy, Suspense, useState } from 'react';
import { usePicture } from '../images/usePicture';
import { selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';
import { useElementSize } from '../hooks/useElementSize';
import { MaskLayer } from '../mask/MaskLayer';
import { LiveOverlay } from './LiveOverlay';
import { StoredOverlay } from './StoredOverlay';
import { useGestures } from './useGestures';
import { place, type Zoom } from './zoom';
import { t } from '../languages/texts';
import { typeWords } from '../images/classes';

const BlockLayer = lazy(() => import('./BlockLayer'));

export function Viewport({ zoom, onZoom }: { zoom: Zoom; onZoom: (zoom: Zoom) => void }) {
  const [measure, size] = useElementSize<HTMLDivElement>();
  const image = useApp(selectedImage);
  const [natural, setNatural] = useState<{ id: string; aspect: number } | null>(null);
  const known = image && image.width > 0 ? image.width / image.height : null;
  const aspect = known ?? (natural?.id === image?.id ? natural?.aspect : null) ?? 1;
  const rect = place(size, aspect, zoom);
  const brushing = useBrushing();
  const pasting = useApp((state) => state.params.fbpOn);
  const gestures = useGestures({ size, aspect, zoom, rect, onZoom, brushing });
  const url = usePicture(image);
  const { left, top, width, height } = rect;
  return (
    <div
      ref={(node) => {
        const stopMeasuring = measure(node);
        const stopWheel = gestures.watchWheel(node);
        return () => {
          stopMeasuring?.();
          stopWheel?.();
        };
      }}
      className={`viewport ${brushing ? 'brushing' : ''} ${zoom.scale > 1 ? 'zoomed' : ''}`}
      {...gestures.handlers}
    >
      <div className="picture" style={{ left, top, width, height }}>
        {image && url && (
          <img
            key={image.id}
            src={url}
            alt={`${image.name}, ${image.label === 1 ? t('labelled {type}', { type: typeWords(image.type) }) : image.label === 0 ? t('labelled normal') : t('not labelled')}`}
            draggable={false}
            onLoad={(event) => {
              const { naturalWidth, naturalHeight } = event.currentTarget;
              setNatural({ id: image.id, aspect: naturalWidth / naturalHeight });
            }}
          />
        )}
        <StoredOverlay />
        <LiveOverlay />
        <Suspense fallback={null}>{pasting && <BlockLayer rect={rect} />}</Suspense>
        <MaskLayer />
      </div>
    </div>
  );
}

/** Whether the pointer draws on the image: the block is pasted, its shape is the free brush, and maps are live. */
const useBrushing = (): boolean =>
  useApp(({ params, engine }) => params.fbpOn && params.fbpShape === 'brush' && engine.features !== null);
