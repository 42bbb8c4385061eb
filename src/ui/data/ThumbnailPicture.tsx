// The picture of a thumbnail: the engine's small bitmap once it has decoded the image; until then, for bundled
// images, the file itself. A user's large photo waits for its bitmap rather than being decoded twice.
import { useEffect, useRef } from 'react';
import { pictureUrl, thumbnailOf } from '../../state/pictures';
import type { ImageRecord } from '../../state/slices/data';

export function ThumbnailPicture({ image, size }: { image: ImageRecord; size: number }) {
  const url = pictureUrl(image.id);
  if (image.hasThumbnail && thumbnailOf(image.id)) return <BitmapPicture image={image} size={size} />;
  if ((image.own && !image.hasThumbnail) || url === null)
    return <span className="thumbnail-picture waiting" style={{ height: size }} />;
  return <img className="thumbnail-picture" src={url} alt="" style={{ height: size }} decoding="async" />;
}

function BitmapPicture({ image, size }: { image: ImageRecord; size: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const bitmap = thumbnailOf(image.id);
    if (!bitmap || !canvas.current) return;
    canvas.current.width = bitmap.width;
    canvas.current.height = bitmap.height;
    canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0);
  }, [image.id, image.hasThumbnail]);
  return <canvas ref={canvas} className="thumbnail-picture" style={{ height: size }} />;
}
