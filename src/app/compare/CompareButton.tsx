// Opens and closes the comparison; while one runs it says how far it is, so that the view may be closed meanwhile.
import { setLayout } from '../shell/layout';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { useLocked } from '../lesson/Lock';
import { t } from '../languages/texts';

export function CompareButton() {
  const locked = useLocked();
  const open = useApp((state) => state.layout.compareOpen);
  const words = useApp(({ compare: { status, at, queue } }) =>
    status === 'idle' ? t('Compare') : t('{at} of {queue}', { at: at + 1, queue: queue.length }),
  );
  return (
    <button
      type="button"
      className="button quiet compare-button"
      aria-pressed={open}
      disabled={locked}
      title={t('Compare methods on these images')}
      onClick={() => setLayout({ compareOpen: !open })}
    >
      <Icon name="compare" />
      {words}
    </button>
  );
}
