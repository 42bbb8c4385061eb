// Files that could not be taken: one line each, with what to do. The rest went on.
import { clearRefusals } from '../../state/actions/own';
import { MAX_REFUSALS } from '../../state/sending';
import { useApp } from '../../state/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../format';

export function RefusedList() {
  const refusals = useApp((state) => state.data.refusals);
  if (refusals.length === 0) return null;
  const more = refusals.length - MAX_REFUSALS;
  return (
    <section className="refused" aria-label="Refused files">
      <div className="row">
        <h3 className="small">{plural(refusals.length, 'file')} refused</h3>
        <span className="spring" />
        <IconButton icon="close" label="Dismiss the list" onClick={clearRefusals} />
      </div>
      <ul tabIndex={0} aria-label="Refused files, one line each">
        {refusals.slice(0, MAX_REFUSALS).map(({ name, message, remedy }, index) => (
          <li key={index} className="small">
            <b>{name}</b>: {message} {remedy}
          </li>
        ))}
        {more > 0 && <li className="small muted">and {more.toLocaleString('en')} more</li>}
      </ul>
    </section>
  );
}
