// Where the whole picture of an image can be shown from: its own file, or what the engine makes of one that browsers do not
// read, or not as it is read here.
import { useEffect, useState } from 'react';
import { engine } from '../shell/engineLink';
import { useApp } from '../shell/store';
import type { ImageRecord } from './dataSlice';
import { pictureUrl } from './pictures';

/** Null while there is none. */
export function usePicture(image: ImageRecord | null): string | null {
  const drawn = image?.showable === false ? image.id : null;
  const range = useApp((state) => state.params.pixelRange);
  const [made, setMade] = useState({ id: '', url: '' });
  useEffect(() => {
    if (drawn === null) return;
    let url: string | null = '';
    engine()
      ?.picture(drawn)
      .then((picture) => {
        if (url !== null) setMade({ id: drawn, url: (url = URL.createObjectURL(picture)) });
      })
      // An image that has left; what cannot be read was spoken of when it came.
      .catch(() => undefined);
    return () => {
      if (url) URL.revokeObjectURL(url);
      url = null;
    };
  }, [drawn, range]);
  if (!image) return null;
  return drawn === null ? pictureUrl(image.id) : made.id === drawn ? made.url : null;
}
