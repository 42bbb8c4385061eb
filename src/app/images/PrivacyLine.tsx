// Where images go: nowhere. The line says what was observed: by the service worker, which sees every request and counts
// the bytes in its body; before there is one, by the page itself, which sees only its own requests to other hosts.
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { plural } from '../controls/format';
import { HelpTip } from '../help/HelpTip';

export function PrivacyLine() {
  const foreign = useApp((state) => state.layout.foreignRequests);
  const fetchedFrom = useApp((state) => state.weights.fetchedFrom);
  const { offline, watched, bytesSent, keptOffline } = useApp((state) => state.layout);
  const sent = watched || bytesSent > 0 ? `: ${plural(bytesSent, 'byte')} sent` : '';
  return (
    <p className="privacy small muted">
      <Icon name="lock" />
      <span>
        {foreign > 0
          ? `${plural(foreign, 'request')} to other hosts; images stay here${sent}`
          : fetchedFrom
            ? `Images stay here${sent}; weights requested from ${fetchedFrom}`
            : bytesSent > 0
              ? `This page has sent something${sent}`
              : `Nothing leaves this page${sent}`}
        {offline && ', offline'}
        {keptOffline && !offline && ', works without a network'}
      </span>
      <HelpTip topic="privacy" title="this promise" />
    </p>
  );
}
