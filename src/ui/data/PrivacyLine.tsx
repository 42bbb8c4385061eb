// Where images go: nowhere. The line says what the page has observed, and how to check it. Weights that the user asked
// for are fetched by the engine's worker, whose requests the page does not see; they are named all the same.
import { useApp } from '../../state/store';
import { Icon } from '../controls/Icon';
import { plural } from '../format';
import { HelpTip } from '../help/HelpTip';

export function PrivacyLine() {
  const foreign = useApp((state) => state.layout.foreignRequests);
  const fetchedFrom = useApp((state) => state.weights.fetchedFrom);
  const offline = useApp((state) => state.layout.offline);
  return (
    <p className="privacy small muted">
      <Icon name="lock" />
      <span>
        {foreign > 0
          ? `${plural(foreign, 'request')} to other hosts; images stay here`
          : fetchedFrom
            ? `Images stay here: 0 bytes sent; weights requested from ${fetchedFrom}`
            : 'Nothing leaves this page: 0 bytes sent'}
        {offline && ', offline'}
      </span>
      <HelpTip topic="privacy" title="this promise" />
    </p>
  );
}
