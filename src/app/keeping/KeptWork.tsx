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
import { msg, t } from '../languages/texts';

export function KeptWork() {
  const forget = () => forgetKept().then(() => say(t('Nothing of yours is kept here any more.')), complain);
  useEffect(() => void refreshQuota(), []);
  return (
    <section aria-label={t('Kept for your next visit')}>
      <h3 className="panel-title">{t('Kept for your next visit')}</h3>
      <p className="small muted">
        {t('Your own images, the last model you trained and a training under way, in this browser only.')}
      </p>
      <RoomLine />
      <KeeperLine />
      <button type="button" className="button" onClick={() => void forget()}>
        {t('Forget everything of mine')}
      </button>
      <p className="small muted">
        {t('What is on screen stays until you leave. Downloaded weights have a button of their own.')}
      </p>
    </section>
  );
}

/** How much is taken up, and whether the browser may clear it. */
function RoomLine() {
  const { usage, quota, persistent } = useApp((state) => state.kept);
  const ask = () =>
    askToPersist().then((granted) =>
      say(granted ? t('The browser keeps it until you delete it.') : t('The browser did not promise it.')),
    );
  if (usage === null || quota === null) return null;
  return (
    <>
      <p className="small" data-testid="room">
        {t('{usage} of {quota} used. {what}', {
          usage: formatBytes(usage),
          quota: formatBytes(quota),
          what: persistent
            ? t('Kept until you delete it.')
            : t('The browser may clear it when the disk is full.'),
        })}
      </p>
      {!persistent && (
        <button type="button" className="button" onClick={() => void ask()}>
          {t('Ask the browser not to clear it')}
        </button>
      )}
    </>
  );
}

const KEEPERS: Partial<Record<KeptSlice['keeper'], string>> = {
  elsewhere: msg('Another tab keeps your work; nothing of this one is kept.'),
  visiting: msg('This tab shows a link; what you kept before stays, and nothing of this visit is kept.'),
  forgotten: msg('Nothing of this visit is kept.'),
};

function KeeperLine() {
  const keeper = useApp((state) => state.kept.keeper);
  const sentence = KEEPERS[keeper];
  if (!sentence) return null;
  return (
    <>
      <p className="small" role="status">
        {t(sentence)}
      </p>
      <button type="button" className="button" onClick={() => void keepHere()}>
        {t('Keep this tab’s work')}
      </button>
    </>
  );
}
