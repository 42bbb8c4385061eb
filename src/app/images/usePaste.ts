// Pasting from the clipboard, anywhere but in a text box: images and files join the set as if they had been dropped.
import { useEffect } from 'react';
import type { Side } from '../../engine/api/types';
import { notify } from '../notices/actions';
import { addFiles } from './own';
import { chosenFiles, type DroppedFile } from './dropped';
import { imagesOf, isOwnSet } from '../shell/selectors';
import { getState } from '../shell/store';
import { msg } from '../languages/texts';

const TYPING = 'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, [contenteditable]';
/** What browsers call every picture that was copied rather than a file. */
const NAMELESS = /^image\.(png|jpe?g|bmp|webp)$/i;

export function usePaste(): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || target.closest(TYPING) || document.querySelector('dialog:modal')) return;
      event.preventDefault();
      const files = event.clipboardData ? chosenFiles(event.clipboardData.files) : [];
      if (files.length > 0) void addFiles(named(files, new Date()), sideFor(target));
      else notify({ tone: 'info', message: NOTHING, remedy: REMEDY, lifetime: 8000 });
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
}

const NOTHING = msg('There is no image in the clipboard.');
const REMEDY = msg('Copy an image or image files, then paste again; or drop them on the page.');

/** A picture without a name of its own is called by the time at which it came. */
function named(files: readonly DroppedFile[], now: Date): DroppedFile[] {
  const at = now.toTimeString().slice(0, 8).replaceAll(':', '.');
  return files.map(({ path, file }) =>
    NAMELESS.test(path) ? { path: `pasted ${at} ${path}`, file } : { path, file },
  );
}

/** The side that has the focus; else training until there are own images to learn from, then test. */
function sideFor(target: Element): Side {
  const { split } = target.closest<HTMLElement>('[data-split]')?.dataset ?? {};
  if (split === 'train' || split === 'test') return split;
  const { params, data } = getState();
  return isOwnSet(params) && imagesOf(data, 'train').length > 0 ? 'test' : 'train';
}
