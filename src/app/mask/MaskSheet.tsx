// What shows the mask: an outline, or the sheet that is drawn on. Pointer, finger and keys draw; only the picture's own
// rectangle takes them, so around it the image can still be moved.
import { useEffect, useRef, useState } from 'react';
import type { Mask } from '../../lib/images/image';
import { useDrawing } from './drawing';
import { drawingSize } from './maskDrawing';
import { paintMask, type Tint } from './paintMask';
import { readMask } from './readMask';
import { selectedImage } from '../shell/selectors';
import { useApp } from '../shell/store';
import { DrawingSurface } from './DrawingSurface';

export default function MaskSheet({ drawing }: { drawing: boolean }) {
  const image = useApp(selectedImage)!;
  const inverted = useApp((state) => state.params.invertMasks);
  if (drawing) return <DrawingLayer />;
  return <Outline key={`${image.id} ${image.maskRevision ?? 0} ${inverted}`} />;
}

function DrawingLayer() {
  const mask = useDrawing((state) => state.mask)!;
  const revision = useDrawing((state) => state.revision);
  return (
    <>
      <MaskCanvas mask={mask} tint={90} revision={revision} />
      <DrawingSurface mask={mask} />
    </>
  );
}

function Outline() {
  const image = useApp(selectedImage)!;
  const [mask, setMask] = useState<Mask | null>(null);
  const { id, width, height } = image;
  useEffect(() => {
    let wanted = true;
    // A mask that cannot be read was already spoken of when its image came in.
    readMask(id, drawingSize({ width, height })).then(
      (found) => wanted && setMask(found),
      () => undefined,
    );
    return () => void (wanted = false);
  }, [id, width, height]);
  return mask && <MaskCanvas mask={mask} tint={0} revision={0} />;
}

function MaskCanvas({ mask, tint, revision }: { mask: Mask; tint: Tint; revision: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = mask;
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.putImageData(new ImageData(paintMask(mask, tint), width, height), 0, 0);
  }, [mask, tint, revision, width, height]);
  return (
    <canvas
      ref={canvas}
      className="overlay mask-canvas"
      width={width}
      height={height}
      data-testid="mask-canvas"
      aria-hidden="true"
    />
  );
}
