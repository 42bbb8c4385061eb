// The keyboard of the whole page. Keys that a focused control needs for itself stay with it.
import { useEffect } from 'react';
import { setLayout } from '../shell/layout';
import { setParam } from '../settings/actions';
import { playOrPause, step } from '../training/actions';
import { selectNeighbour } from '../stage/actions';
import { hasMap, methodInUse } from '../shell/selectors';
import { getState } from '../shell/store';
import { explainFocused } from '../help/HelpTip';

const MAPS = ['fused', 'normal', 'abnormal', 'mask'] as const;
const OPACITY_STEP = 10;

/** A map that the method does not have has no button either. */
function chooseMap(map: (typeof MAPS)[number]): void {
  if (hasMap(methodInUse(getState()), map)) setParam('map', map);
}

const KEYS: Record<string, () => unknown> = {
  ' ': () => void playOrPause(),
  n: () => void step(),
  '1': () => chooseMap(MAPS[0]),
  '2': () => chooseMap(MAPS[1]),
  '3': () => chooseMap(MAPS[2]),
  '4': () => chooseMap(MAPS[3]),
  '[': () => setParam('opacity', getState().params.opacity - OPACITY_STEP),
  ']': () => setParam('opacity', getState().params.opacity + OPACITY_STEP),
  ArrowLeft: () => selectNeighbour(-1),
  ArrowUp: () => selectNeighbour(-1),
  ArrowRight: () => selectNeighbour(1),
  ArrowDown: () => selectNeighbour(1),
  i: () => setParam('view', getState().params.view === 'inside' ? 'image' : 'inside'),
  t: () => document.querySelector<HTMLElement>('[data-threshold]')?.focus(),
  s: () => setLayout({ shareOpen: true }),
  p: () => setLayout({ presenter: !getState().layout.presenter }),
  '?': () => explainFocused() || setLayout({ helpOpen: true }),
};

export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action || event.defaultPrevented || !applies(event)) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Elements that use the space bar or arrows themselves; typing goes to text and number boxes. */
const TYPING =
  'input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]';
const OWN_SPACE = 'button, a, summary, [role=option], [role=button], input';
const OWN_ARROWS =
  'input, select, [role=listbox], [role=slider], [role=tab], [role=button], dialog *, [tabindex="0"]';

function applies(event: KeyboardEvent): boolean {
  const { ctrlKey, metaKey, altKey, key } = event;
  const { shortcuts, compareOpen } = getState().layout;
  // The comparison has keys of its own.
  if (compareOpen && key !== '?') return false;
  if (ctrlKey || metaKey || altKey || !shortcuts || document.querySelector('dialog:modal')) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  // No number has a question mark in it.
  if (key === '?' && target.matches('input[type=number], select')) return true;
  if (target.matches(TYPING)) return false;
  if (key === ' ') return !target.matches(OWN_SPACE);
  if (key.startsWith('Arrow')) return !target.matches(OWN_ARROWS);
  return true;
}
