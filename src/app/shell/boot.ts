// The page's first second, in order: what was remembered, what the address says, the data on screen, then, once the
// browser has had time to paint, the engine.
import { restoreLayout } from './layout';
import { keepingRefused, loadShelf, startKeeping } from '../keeping/kept';
import { keepRun } from '../keeping/keptRun';
import { restoreHub } from '../weights/backboneChoice';
import { welcome } from '../share/links';
import { loadNamedSet, loadSetList } from '../images/sets';
import { noticeInterruption, RUN_FLAG } from '../training/actions';
import { resumeVisit } from '../keeping/storageLock';
import { startOffline } from './offline';
import { readAddress, startLinkSync } from '../share/linkSync';
import { startLiveLoop } from '../stage/liveLoop';
import { isTraining } from './selectors';
import { startEngine } from './startEngine';
import { readStored } from './storage';
import { getState, patch } from './store';
import { startWatching } from './watch';

export function boot(): void {
  restoreLayout();
  restoreHub();
  resumeVisit();
  void welcome(location.hash);
  const image = readAddress();
  startLinkSync();
  startLiveLoop();
  startWatching();
  watchNetwork();
  askBeforeLeaving();
  keepWhenLeaving();
  noticeInterruption(readStored('session', RUN_FLAG) !== null);
  startKeeping();
  void loadSetList();
  const shown = loadNamedSet(image);
  // Which of the visitor's sets is on screen is known by then.
  void shown.then(loadShelf);
  void shown
    .then(afterPaint)
    .then(() => Promise.race([startEngine(), pause(OFFLINE_AFTER_MS)]))
    .then(() => startOffline());
}

/** The engine comes first; on a slow adapter its images take minutes, and the offline copy does not wait for those. */
const OFFLINE_AFTER_MS = 3_000;

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Resolves when what is on screen has been painted; in a hidden tab, which paints nothing, a little later. */
function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    const fallback = setTimeout(resolve, 500);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(fallback);
        resolve();
      }),
    );
  });
}

/**
 * Notes being offline, and every request to another host: the promise "0 bytes sent" is checked, not just printed.
 * Weights that the user asks for come through the engine's worker, whose requests are not among these.
 */
function watchNetwork(): void {
  const note = () => patch('layout', { offline: !navigator.onLine });
  window.addEventListener('online', note);
  window.addEventListener('offline', note);
  note();
  const observer = new PerformanceObserver((list) => {
    const foreign = list.getEntries().filter(({ name }) => isForeign(name)).length;
    if (foreign > 0) patch('layout', { foreignRequests: getState().layout.foreignRequests + foreign });
  });
  observer.observe({ type: 'resource', buffered: true });
}

const isForeign = (address: string) =>
  /^(https?|wss?):/.test(address) && new URL(address).origin !== location.origin;

/** A tab out of sight may be discarded without another word. */
function keepWhenLeaving(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && isTraining(getState())) void keepRun();
  });
}

/** A run would be lost with the page; so would the user's own images where the browser does not keep them. */
function askBeforeLeaving(): void {
  window.addEventListener('beforeunload', (event) => {
    const state = getState();
    const unkept = keepingRefused() && Object.values(state.data.images).some(({ own }) => own);
    if (isTraining(state) || unkept) event.preventDefault();
  });
}
