// Files that could not be taken: one line for each fault, with what to do and the files it was found in. The rest went on.
import { useMemo } from 'react';
import { clearRefusals } from './own';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../controls/format';
import { groupRefusals, type RefusalGroup } from './refusalGroups';

/** Names that a line shows when it is opened; more are counted. */
const MOST_NAMES = 100;

export default function RefusedList() {
  const refusals = useApp((state) => state.data.refusals);
  const groups = useMemo(() => groupRefusals(refusals), [refusals]);
  if (refusals.length === 0) return null;
  return (
    <section className="refused" aria-label="Refused files">
      <div className="row">
        <h3 className="small">{plural(refusals.length, 'file')} refused</h3>
        <span className="spring" />
        <IconButton icon="close" label="Dismiss the list" onClick={clearRefusals} />
      </div>
      <ul tabIndex={0} aria-label="Refused files, one line each">
        {groups.map((group) => (
          <li key={`${group.message}${group.remedy}`} className="small">
            <Group group={group} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Group({ group: { message, remedy, names } }: { group: RefusalGroup }) {
  const [first] = names;
  if (names.length === 1)
    return (
      <>
        <b>{first}</b>: {message} {remedy}
      </>
    );
  const more = names.length - MOST_NAMES;
  return (
    <details>
      <summary>
        <b>{first}</b> and {(names.length - 1).toLocaleString('en')} more: {message} {remedy}
      </summary>
      <p className="muted">
        {names.slice(0, MOST_NAMES).join(', ')}
        {more > 0 && ` and ${more.toLocaleString('en')} more`}
      </p>
    </details>
  );
}
