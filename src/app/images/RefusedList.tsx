// Files that could not be taken: one line for each fault, with what to do and the files it was found in. The rest went on.
import { useMemo } from 'react';
import { clearRefusals } from './own';
import { useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { groupRefusals, type RefusalGroup } from './refusalGroups';
import { said, t } from '../languages/texts';

/** Names that a line shows when it is opened; more are counted. */
const MOST_NAMES = 100;

export default function RefusedList() {
  const refusals = useApp((state) => state.data.refusals);
  const groups = useMemo(() => groupRefusals(refusals), [refusals]);
  if (refusals.length === 0) return null;
  return (
    <section className="refused" aria-label={t('Refused files')}>
      <div className="row">
        <h3 className="small">
          {t('{refusals, plural, one {# file} other {# files}} refused', { refusals: refusals.length })}
        </h3>
        <span className="spring" />
        <IconButton icon="close" label={t('Dismiss the list')} onClick={clearRefusals} />
      </div>
      <ul tabIndex={0} aria-label={t('Refused files, one line each')}>
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
        <b>{first}</b>{' '}
        {t('and {names, number} more: {message} {remedy}', {
          names: names.length - 1,
          message: said(message),
          remedy: said(remedy),
        })}
      </summary>
      <p className="muted">
        {names.slice(0, MOST_NAMES).join(', ')}
        {more > 0 && t(' and {more, number} more', { more })}
      </p>
    </details>
  );
}
