// The screen in small beside the lesson editor: the same layout, the same width, so that a teacher sees what the class
// will see.
import { useEffect, useState, type CSSProperties } from 'react';

/** Width of the editor, as in lesson.css. */
const EDITOR_WIDTH = 380;

const scaleNow = () => (window.innerWidth - EDITOR_WIDTH) / window.innerWidth;

/** The style that makes room for the editor; null while there is none. */
export function usePreviewScale(on: boolean): CSSProperties | null {
  const [scale, setScale] = useState(scaleNow);
  useEffect(() => {
    if (!on) return;
    const follow = () => setScale(scaleNow());
    follow();
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, [on]);
  return on ? { transform: `scale(${scale})` } : null;
}
