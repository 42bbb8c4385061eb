// The address bar and the state, kept alike: the hash is read at start and whenever someone pastes another, and
// written a moment after each change, without entries in the history.
import { decodeLink, encodeLink, type LinkState, type ReadLink } from '../../settings/link';
import { isForeign, mayTakeLink, openLink, rememberAddress } from './links';
import { complain, notify, say } from '../notices/actions';
import { loadNamedSet } from '../images/sets';
import { selectImage } from '../stage/actions';
import { setLayout } from '../shell/layout';
import type { AppState } from '../shell/appState';
import { ownOnScreen } from '../images/ownOnScreen';
import { isOwnSet, selectedImage } from '../shell/selectors';
import { getState, patch, setState, useApp } from '../shell/store';
import { said, t } from '../languages/texts';

const WRITE_DELAY_MS = 400;

/** What a link to the present state says. */
export function linkStateOf(state: AppState): LinkState {
  const image = selectedImage(state);
  const { threshold, fusionValue, brush, lesson } = state.view;
  const named = image !== null && image.id !== state.data.initial && !image.own;
  return {
    params: state.params,
    image: named ? image.name : null,
    threshold,
    fusionValue,
    // A drawing that is not pasted says nothing of what is on screen.
    brush: state.params.fbpShape === 'brush' ? brush : [],
    lesson,
    presenter: state.layout.presenter,
    own: isOwnSet(state.params) ? ownOnScreen(state) : null,
  };
}

/** Takes the address's hash into the state. Returns the image it names. */
export const readAddress = (): string | null => takeIn(decodeLink(location.hash));

function takeIn({
  params,
  image,
  threshold,
  fusionValue,
  brush,
  lesson,
  presenter,
  own,
  problems,
}: ReadLink): string | null {
  setState({ params });
  patch('view', { threshold, fusionValue, brush, lesson });
  if (presenter !== getState().layout.presenter) setLayout({ presenter });
  const digest = params.dataset.startsWith('own-') ? params.dataset.slice('own-'.length) : null;
  patch('link', { wanted: digest !== null || own !== null ? { digest, own } : null });
  sayProblems(problems);
  return image;
}

/** One card, however much is wrong. */
function sayProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  notify({
    tone: 'info',
    message: t('Parts of the link could not be used.'),
    remedy: problems.map(said).join(' '),
  });
}

/** Starts keeping the address and the state alike. */
export function startLinkSync(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Also while things keep changing, as in a training: a reload goes by the address.
  useApp.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      writeAddress();
    }, WRITE_DELAY_MS);
  });
  window.addEventListener('hashchange', () => void followAddress());
}

function writeAddress(): void {
  // Until the set is there, the image a link names is not selected yet and would be lost.
  if (getState().data.status === 'loading') return;
  const hash = encodeLink(linkStateOf(getState()));
  if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname + location.search);
  rememberAddress(location.hash);
}

/** Someone pasted another link, or went back to an earlier one: asks before it takes the place of work. */
async function followAddress(): Promise<void> {
  const { hash } = location;
  const { unread, problems } = decodeLink(hash);
  if (unread) sayProblems(problems);
  else if (!isForeign(hash) || (await mayTakeLink(hash))) return follow(hash);
  // Until then the address is that of what is on screen.
  writeAddress();
}

/** The answer to the question: the link takes its place. */
export const followLink = (): void => openLink(follow);

function follow(hash: string): void {
  const before = getState().params.dataset;
  const image = takeIn(decodeLink(hash));
  if (getState().params.dataset !== before) return void loadNamedSet(image);
  const named = Object.values(getState().data.images).find(({ name }) => name === image);
  if (named) selectImage(named.id);
}

/** The address of the present state, whole. */
export const shareAddress = (): string =>
  `${location.origin}${location.pathname}${encodeLink(linkStateOf(getState()))}`;

/** Copies the link to the present state. */
export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(shareAddress());
    say(t('Link copied. It holds every setting and the seed, no images.'));
  } catch {
    complain(new Error(t('The browser did not allow copying; the address bar holds the same link.')));
  }
}
