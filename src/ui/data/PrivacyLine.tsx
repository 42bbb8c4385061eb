// Where images go: nowhere. The line says what the page has observed, and how to check it.
import { useApp } from '../../state/store';
import { Icon } from '../controls/Icon';
import { plural } from '../format';
import { HelpTip } from '../help/HelpTip';

export function PrivacyLine() {
  const foreign = useApp((state) => state.layout.foreignRequests);
  const offline = useApp((state) => state.layout.offline);
  return (
    <p className="privacy small muted">
      <Icon name="lock" />
      <span>
        {foreign === 0
          ? 'Nothing leaves this page: 0 bytes sent'
          : `${plural(foreign, 'request')} to other hosts; images stay here`}
        {offline && ', offline'}
      </span>
      <HelpTip topic="privacy" title="this promise" />
    </p>
  );
}
