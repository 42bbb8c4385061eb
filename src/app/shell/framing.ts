// Whether the page may run where it is. In a frame of someone else's page clicks can be led astray, so there it does not,
// unless its own host names that page in <meta name="framed-by" content="https://school.example">.
import { t } from '../languages/texts';

/** Of `window`, what tells whether it is framed, and by whom. */
export interface Place {
  top: unknown;
  self: unknown;
  /** Not in every browser: then the referrer has to tell. */
  location: { ancestorOrigins?: ArrayLike<string> };
  document: Pick<Document, 'querySelector' | 'referrer'>;
}

/** Whether nobody frames the page, or only those whom its host names. */
export function mayRunHere({ top, self, location, document }: Place): boolean {
  if (top === self) return true;
  const meta = document.querySelector('meta[name=framed-by]')?.getAttribute('content');
  const allowed = meta?.split(/\s+/).filter(Boolean) ?? [];
  const { referrer } = document;
  const framers = location.ancestorOrigins ?? (referrer ? [new URL(referrer).origin] : []);
  return framers.length > 0 && Array.from(framers).every((origin) => allowed.includes(origin));
}

/** Starts the page where it may run, and otherwise puts in its place why not, and the way out. */
export function whereAllowed(start: () => void): void {
  if (mayRunHere(window)) return start();
  const link = document.createElement('a');
  Object.assign(link, {
    href: location.href,
    target: '_blank',
    rel: 'noopener',
    textContent: t('Open it alone'),
  });
  const text = document.createElement('p');
  text.append(t('GRAD Playground does not run inside another page. '), link, '.');
  document.getElementById('root')!.append(text);
}
