// The button that starts the engine again, for every place where its loss is felt; nothing while it runs or starts.
import { useApp } from './store';
import { restartEngine } from './startEngine';
import { Icon } from '../controls/Icon';
import { t } from '../languages/texts';

export function StartAgain() {
  const gone = useApp(({ engine }) => ['unavailable', 'lost'].includes(engine.status) || engine.silent);
  if (!gone) return null;
  return (
    <button type="button" className="button start-again" onClick={() => void restartEngine()}>
      <Icon name="play" />
      {t('Start the engine again')}
    </button>
  );
}
