// The page's side of the service worker: registers it once the page is at work, hears what was sent, and says when a new
// version is ready. Nothing ever reloads by itself.
import { dismiss, notify, say } from '../notices/actions';
import { getState, patch } from './store';
import { t } from '../languages/texts';

type Message =
  | { kind: 'sent'; bytes: number; foreign: string | null }
  | { kind: 'other-tabs'; count: number };

/** Set by the button of the notice: only then a change of version reloads the page. */
let reloading = false;

/** Registers the worker; without one (development, private windows, old browsers) the page works, with a network. */
export async function startOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('message', ({ data }) => hear(data as Message));
  serviceWorker.addEventListener('controllerchange', () => {
    patch('layout', { watched: true });
    if (reloading) location.reload();
  });
  patch('layout', { watched: serviceWorker.controller !== null });
  try {
    follow(await serviceWorker.register('./sw.js', { updateViaCache: 'none' }));
    await serviceWorker.ready;
    patch('layout', { keptOffline: true });
  } catch {
    // Refused or unreachable: the next visit tries again.
  }
}

function hear(message: Message): void {
  if (message.kind === 'other-tabs') {
    say(t('Close the other tabs of this page first; they still work with the version before.'));
    return;
  }
  const { bytesSent } = getState().layout;
  patch('layout', { bytesSent: bytesSent + message.bytes });
}

/** Speaks of a new version once it is whole; at the first visit there is nothing it would replace. */
function follow(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) announce(registration);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && navigator.serviceWorker.controller) announce(registration);
    });
  });
}

let announced: number | null = null;

function announce(registration: ServiceWorkerRegistration): void {
  if (announced !== null) dismiss(announced);
  announced = notify({
    tone: 'info',
    message: t('A new version of this page is ready.'),
    remedy: t('It comes when you reload with this button, or when all tabs of this page were closed.'),
    action: {
      label: t('Reload now'),
      run: () => {
        reloading = true;
        registration.waiting?.postMessage('take-over');
      },
    },
  });
}
