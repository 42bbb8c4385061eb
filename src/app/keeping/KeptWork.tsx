// In the settings: what this browser keeps of the user's own work, how much room there is, which tab keeps it, and the
// button that makes it forget. On a shared computer the images of another person should not come back.
import { useEffect } from 'react';
import { forgetKept } from './kept';
import { complain, say } from '../notices/actions';
import { keepHere } from './storageLock';
import { askToPersist, refreshQuota } from './quota';
import type { KeptSlice } from './keptSlice';
import { useApp } from '../shell/store';
import { formatBytes } from '../controls/format';

export function KeptWork() {
  const forget = () => forgetKept().then(() => say('Nothing of yours is kept here any more.'), complain);
  useEffect(() => void refreshQuota(), []);
  return (
    <section aria-label="Kept for your next visit">
      <h3 className="panel-title">Kept for your next visit</h3>
      <p className="small muted">
        Your own images, the last model you trained and a training under way, in this browser only.
      </p>
      <RoomLine />
      <KeeperLine />
      <button type="button" className="button" onClick={() => void forget()}>
        Forget everything of mine
      </button>
      <p className="small muted">
        What is on screen stays until you leave. Downloaded weights have a button of their own.
      </p>
    </section>
  );
}

/** How much is taken up, and whether the browser may clear it. */
function RoomLine() {
  const { usage, quota, persistent } = useApp((state) => state.kept);
  const ask = () =>
    askToPersist().then((granted) =>
      say(granted ? 'The browser keeps it until you delete it.' : 'The browser did not promise it.'),
    );
  if (usage === null || quota === null) return null;
  return (
    <>
      <p className="small" data-testid="room">
        {formatBytes(usage)} of {formatBytes(quota)} used.{' '}
        {persistent ? 'Kept until you delete it.' : 'The browser may clear it when the disk is full.'}
      </p>
      {!persistent && (
        <button type="button" className="button" onClick={() => void ask()}>
          Ask the browser not to clear it
        </button>
      )}
    </>
  );
}

const KEEPERS: Partial<Record<KeptSlice['keeper'], string>> = {
  elsewhere: 'Another tab keeps your work; nothing of this one is kept.',
  visiting: 'This tab shows a link; what you kept before stays, and nothing of this visit is kept.',
  forgotten: 'Nothing of this visit is kept.',
};

function KeeperLine() {
  const keeper = useApp((state) => state.kept.keeper);
  const sentence = KEEPERS[keeper];
  if (!sentence) return null;
  return (
    <>
      <p className="small" role="status">
        {sentence}
      </p>
      <button type="button" className="button" onClick={() => void keepHere()}>
        Keep this tab’s work
      </button>
    </>
  );
}
