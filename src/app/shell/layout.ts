// The page's own arrangement: theme, drawers, tabs; kept across visits.
import type { LayoutSlice, Tab, Theme } from './layoutSlice';
import { readStored, writeStored } from './storage';
import { getState, patch } from './store';

const KEPT = 'layout';
type Kept = Pick<LayoutSlice, 'theme' | 'tab' | 'movesDismissed' | 'shortcuts'>;

/** Changes the arrangement and remembers it. */
export function setLayout(change: Partial<LayoutSlice>): void {
  patch('layout', change);
  const { theme, tab, movesDismissed, shortcuts } = getState().layout;
  writeStored('local', KEPT, JSON.stringify({ theme, tab, movesDismissed, shortcuts } satisfies Kept));
  if (change.theme) applyTheme(change.theme);
  if (change.presenter !== undefined) applyPresenter(change.presenter);
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const TABS: readonly Tab[] = ['data', 'block', 'scores', 'training'];

/** What was remembered, as far as it makes sense. */
export function restoreLayout(): void {
  let kept: Partial<Record<keyof Kept, unknown>> = {};
  try {
    kept = (JSON.parse(readStored('local', KEPT) ?? '{}') ?? {}) as typeof kept;
  } catch {
    // A damaged entry is as good as none.
  }
  const theme = THEMES.find((value) => value === kept.theme) ?? 'system';
  const tab = TABS.find((value) => value === kept.tab) ?? 'block';
  patch('layout', {
    theme,
    tab,
    movesDismissed: kept.movesDismissed === true,
    shortcuts: kept.shortcuts !== false,
  });
  applyTheme(theme);
}

/** The style sheet reads the theme from the root element; `system` leaves it to the browser. */
function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The style sheet reads it from the root element too. */
function applyPresenter(on: boolean): void {
  document.documentElement.toggleAttribute('data-presenter', on);
}

/** System, light, dark, and round again. */
export function nextTheme(): void {
  const at = THEMES.indexOf(getState().layout.theme);
  setLayout({ theme: THEMES[(at + 1) % THEMES.length]! });
}
