// Opens and closes the comparison; while one runs it says how far it is, so that the view may be closed meanwhile.
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { useLocked } from '../lesson/Lock';

export function CompareButton() {
  const locked = useLocked();
  const open = useApp((state) => state.layout.compareOpen);
  const words = useApp(({ compare: { status, at, queue } }) =>
    status === 'idle' ? 'Compare' : `${at + 1} of ${queue.length}`,
  );
  return (
    <button
      type="button"
      className="button quiet compare-button"
      aria-pressed={open}
      disabled={locked}
      title="Compare methods on these images"
      onClick={() => setLayout({ compareOpen: !open })}
    >
      <Icon name="compare" />
      {words}
    </button>
  );
}
