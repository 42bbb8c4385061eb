// The address bar and the state, kept alike: the hash is read at start and whenever someone pastes another, and
// written a moment after each change, without entries in the history.
import { decodeLink, encodeLink, type LinkState } from '../params/link';
import { notify } from './actions/notices';
import { loadNamedSet } from './actions/sets';
import { selectImage } from './actions/view';
import type { AppState } from './appState';
import { selectedImage } from './selectors';
import { getState, patch, setState, useApp } from './store';

const WRITE_DELAY_MS = 300;

/** What a link to the present state says. */
export function linkStateOf(state: AppState): LinkState {
  const image = selectedImage(state);
  const { threshold, fusionValue, brush, hidden } = state.view;
  const named = image !== null && image.id !== state.data.initial && !image.own;
  return { params: state.params, image: named ? image.name : null, threshold, fusionValue, brush, hidden };
}

/** Takes the address's hash into the state. Returns the image it names. */
export function readAddress(): string | null {
  const { params, image, threshold, fusionValue, brush, hidden, problems } = decodeLink(location.hash);
  setState({ params });
  patch('view', { threshold, fusionValue, brush, hidden });
  if (problems.length > 0) {
    notify({ tone: 'info', message: 'Parts of the link could not be used.', remedy: problems.join(' ') });
  }
  return image;
}

/** Starts keeping the address and the state alike. */
export function startLinkSync(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  useApp.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(writeAddress, WRITE_DELAY_MS);
  });
  window.addEventListener('hashchange', followAddress);
}

function writeAddress(): void {
  // Until the set is there, the image a link names is not selected yet and would be lost.
  if (getState().data.status === 'loading') return;
  const hash = encodeLink(linkStateOf(getState()));
  if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname + location.search);
}

function followAddress(): void {
  const before = getState().params.dataset;
  const image = readAddress();
  if (getState().params.dataset !== before) return void loadNamedSet(image);
  const named = Object.values(getState().data.images).find(({ name }) => name === image);
  if (named) selectImage(named.id);
}

/** The address of the present state, whole. */
export const shareAddress = (): string =>
  `${location.origin}${location.pathname}${encodeLink(linkStateOf(getState()))}`;
