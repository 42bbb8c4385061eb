// One line that says what one looks at.
import { imagesOf, mapInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { useStoredVisible } from './useStoredVisible';

export function Caption() {
  const map = useApp(mapInUse);
  const normals = useApp((state) => imagesOf(state.data, 'train').length);
  const source = useApp((state) => state.model.source);
  const stored = useStoredVisible();
  if (source === 'none' && map !== 'mask') return <p className="small muted caption">&nbsp;</p>;
  return (
    <p className="small muted caption">
      {words(map, normals)}
      {stored && ' Stored result of a finished run.'}
    </p>
  );
}

function words(map: 'fused' | 'normal' | 'abnormal' | 'mask', normals: number): string {
  switch (map) {
    case 'fused':
      return `Bright = does not look like the ${normals} normal images.`;
    case 'normal':
      return 'Bright = the normal branch alone rebuilds this place badly.';
    case 'abnormal':
      return 'Red = the abnormal branch calls this place pasted, blue = normal.';
    case 'mask':
      return 'Bright = cells of the feature map that carry the pasted block.';
  }
}
