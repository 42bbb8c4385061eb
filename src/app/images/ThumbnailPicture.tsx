// The picture of a thumbnail: the engine's small one once it has decoded the image; until then, for bundled images, the
// file itself. A user's large photo waits for its thumbnail rather than being decoded twice.
import { useEffect, useRef } from 'react';
import { pictureUrl } from './pictures';
import { thumbnailOf } from './thumbnails';
import type { ImageRecord } from './dataSlice';

export function ThumbnailPicture({ image, size }: { image: ImageRecord; size: number }) {
  const thumbnail = image.hasThumbnail ? thumbnailOf(image.id) : null;
  if (thumbnail instanceof ImageBitmap) return <BitmapPicture bitmap={thumbnail} size={size} />;
  const url = thumbnail ?? (image.own ? null : pictureUrl(image.id));
  if (url === null) return <span className="thumbnail-picture waiting" style={{ height: size }} />;
  return <img className="thumbnail-picture" src={url} alt="" style={{ height: size }} decoding="async" />;
}

/** Keeps what it has drawn, also when the bitmap has become a JPEG meanwhile. */
function BitmapPicture({ bitmap, size }: { bitmap: ImageBitmap; size: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    // Closed bitmaps have no width.
    if (bitmap.width === 0 || !canvas.current) return;
    canvas.current.width = bitmap.width;
    canvas.current.height = bitmap.height;
    canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  return <canvas ref={canvas} className="thumbnail-picture" style={{ height: size }} />;
}
