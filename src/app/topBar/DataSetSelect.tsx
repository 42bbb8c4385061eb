// Chooses among the bundled sets; the user's own images appear as a further entry while they are on screen.
import { chooseSet } from '../images/sets';
import { isOwnSet } from '../shell/selectors';
import { useApp } from '../shell/store';
import { useLocked } from '../lesson/lock';

export function DataSetSelect() {
  const sets = useApp((state) => state.data.sets);
  const current = useApp((state) => state.data.set);
  const own = useApp((state) => isOwnSet(state.params));
  const locked = useLocked();
  const known = sets.some(({ id }) => id === current.id);
  const listed = known || own || current.id === '' ? sets : [...sets, current];
  return (
    <select
      className="select set-select"
      aria-label="Data set"
      disabled={locked}
      value={own ? 'own' : current.id}
      onChange={(event) => void chooseSet(event.target.value)}
    >
      {current.id === '' && <option value="">Loading</option>}
      {own && <option value="own">Your images</option>}
      {listed.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
}
