// Puts one setting back; keeps its place when there is nothing to put back, so that nothing jumps.
import { useLocked } from '../lesson/Lock';
import { Icon } from './Icon';
import { t } from '../languages/texts';

export function ResetButton({
  name,
  visible,
  onReset,
}: {
  name: string;
  visible: boolean;
  onReset: () => void;
}) {
  const locked = useLocked();
  return (
    <button
      type="button"
      className="reset"
      hidden={!visible || locked}
      aria-label={t('Reset {name}', { name })}
      title={t('Reset')}
      onClick={onReset}
    >
      <Icon name="reset" />
    </button>
  );
}
