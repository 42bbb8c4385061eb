// Says that only some images are shown, and shows all again.
import { setFilter } from '../stage/actions';
import { Icon } from '../controls/Icon';
import { formatScore } from '../controls/format';

export function FilterChip({ range: [low, high] }: { range: [number, number] }) {
  return (
    <button type="button" className="button filter-chip" onClick={() => setFilter(null)}>
      Scores {formatScore(low)} to {formatScore(high)} only
      <Icon name="close" />
      <span className="visually-hidden">Show all images</span>
    </button>
  );
}
