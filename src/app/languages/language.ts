// Which language the page speaks: the reader's choice, else the first of the browser's that there is. Kept in this browser, never in a link.
import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../shell/storage';
import { setTexts, type Catalogue } from './texts';

const KEPT = 'language';
const FILES = import.meta.glob<Catalogue>('./*.json', { import: 'default' });

/** Tags (BCP 47) of all languages: English, and one for every file beside this. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(FILES).map((path) => path.slice(2, -5))];

let current = 'en';
let wanted = 'en';
const listeners = new Set<() => void>();

/** The language's own name for itself. */
export const nameOf = (tag: string): string =>
  new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;

/** Of `preferred`, in its order, the first that there is: by language and script, else by language alone. */
export function matching(preferred: readonly string[], there: readonly string[] = LANGUAGES): string {
  for (const tag of preferred) {
    const asked = parts(tag);
    const sameLanguage = there.filter((other) => parts(other)?.language === asked?.language);
    const found = sameLanguage.find((other) => parts(other)?.script === asked?.script) ?? sameLanguage[0];
    if (found !== undefined) return found;
  }
  return 'en';
}

function parts(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return null;
  }
}

/** What the first visit speaks, or the reader chose. Resolves at once for English. */
export function restoreLanguage(): Promise<void> {
  const kept = readStored('local', KEPT);
  return speak(kept !== null && LANGUAGES.includes(kept) ? kept : matching(navigator.languages));
}

/** Speaks another language from now on, on this and later visits. */
export function chooseLanguage(tag: string): Promise<void> {
  writeStored('local', KEPT, tag);
  return speak(tag);
}

/** A catalogue that cannot be fetched leaves the language that is. */
async function speak(tag: string): Promise<void> {
  wanted = tag;
  if (tag === current) return;
  const texts = await FILES[`./${tag}.json`]?.().catch(() => null);
  if (texts === null || wanted !== tag) return;
  current = tag;
  setTexts(tag, texts ?? {});
  document.documentElement.lang = tag;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Renders anew when the language changes. The whole page does; a component that is kept as it was (memo) has to ask itself. */
export const useLanguage = (): string => useSyncExternalStore(subscribe, () => current);
