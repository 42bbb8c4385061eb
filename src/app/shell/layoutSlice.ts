// How the page itself is arranged: theme, open drawers, the tab of the narrow layout. Kept in localStorage, not in links.
import type { Look } from '../../settings/story';

export type Theme = 'system' | 'light' | 'dark';
/** Only its tabs, a part of the screen, nearly all of it. */
export type Sheet = 'tabs' | 'part' | 'whole';
export type Tab = 'data' | 'block' | 'scores' | 'training';

export interface LayoutSlice {
  theme: Theme;
  tab: Tab;
  cameraOpen: boolean;
  settingsOpen: boolean;
  helpOpen: boolean;
  sessionOpen: boolean;
  compareOpen: boolean;
  shareOpen: boolean;
  lessonEditorOpen: boolean;
  /** Parts of the screen that the step being told is about; null: all. */
  look: readonly Look[] | null;
  /** Curves and figures of the training, below the image; while it runs they are open anyway. */
  trainingOpen: boolean;
  /** For a class at the wall: large type, the image, what one does to it, and little else. */
  presenter: boolean;
  /** How much of a phone's screen the panels take. */
  sheet: Sheet;
  movesDismissed: boolean;
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  shortcuts: boolean;
  offline: boolean;
  /** Requests this page made to other hosts; zero is the promise. */
  foreignRequests: number;
  /** The service worker sees every request of the page and of the engine's thread. */
  watched: boolean;
  /** Bytes in the bodies of requests, as the service worker has seen them. */
  bytesSent: number;
  /** Everything the page ships is kept for use without a network. */
  keptOffline: boolean;
}

export const initialLayout = (): LayoutSlice => ({
  theme: 'system',
  tab: 'block',
  cameraOpen: false,
  settingsOpen: false,
  helpOpen: false,
  sessionOpen: false,
  compareOpen: false,
  shareOpen: false,
  lessonEditorOpen: false,
  look: null,
  trainingOpen: false,
  presenter: false,
  sheet: 'part',
  movesDismissed: false,
  shortcuts: true,
  offline: false,
  foreignRequests: 0,
  watched: false,
  bytesSent: 0,
  keptOffline: false,
});
