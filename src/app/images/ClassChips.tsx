// One chip for each class of a set of several: shows the images of that class only. The model is one for all of them.
import { showClass } from './selection';
import { useApp } from '../shell/store';
import { plural } from '../controls/format';
import type { ClassCount } from './classes';

export function ClassChips({ classes }: { classes: readonly ClassCount[] }) {
  const only = useApp((state) => state.data.onlyClass);
  return (
    <div className="class-chips" role="group" aria-label="Classes">
      <Chip name="All classes" pressed={only === null} onPress={() => showClass(null)} />
      {classes.map(({ name, images }) => (
        <Chip
          key={name}
          name={name}
          title={plural(images, 'image')}
          pressed={only === name}
          onPress={() => showClass(only === name ? null : name)}
        />
      ))}
    </div>
  );
}

interface ChipProps {
  name: string;
  title?: string;
  pressed: boolean;
  onPress: () => void;
}

function Chip({ name, title, pressed, onPress }: ChipProps) {
  return (
    <button type="button" className="chip small" aria-pressed={pressed} title={title} onClick={onPress}>
      {name.replaceAll('_', ' ')}
    </button>
  );
}
