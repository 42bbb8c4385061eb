// What is to be known of images and sets, gathered while a command works: told on the way, grouped so that a thousand
// images do not take a thousand lines, and whole in the JSON.
import type { SetNotice } from '../../engine/api/types';
import type { Notice } from '../../lib/images/notices';

/** Images named on one line; the JSON has all. */
const NAMED = 3;

export class NoticeBook {
  readonly #groups = new Map<string, SetNotice>();
  readonly #told = new Set<string>();

  /** What an image's reading gave. */
  addOf(image: string, notices: readonly Notice[]): void {
    for (const { kind, text } of notices) {
      const key = JSON.stringify([kind, text]);
      const known = this.#groups.get(key);
      if (!known) this.#groups.set(key, { kind, text, images: [image] });
      else if (!known.images.includes(image)) known.images.push(image);
    }
  }

  /** Other images are looked at from here on. */
  clear(): void {
    this.#groups.clear();
  }

  /** All there is of images, one entry for each sentence, as the JSON has it. */
  get ofImages(): SetNotice[] {
    return [...this.#groups.values()].map((notice) => ({ ...notice, images: [...notice.images] }));
  }

  /**
   * Lines that were not given before: one for each kind, with an example where sentences of a kind differ.
   * @param more of the set as a whole
   */
  untold(more: readonly SetNotice[] = []): string[] {
    const fresh = [...this.ofImages, ...more].flatMap((notice) => {
      if (notice.images.length === 0) return this.#isNew(notice, '') ? [notice] : [];
      const images = notice.images.filter((image) => this.#isNew(notice, image));
      return images.length > 0 ? [{ ...notice, images }] : [];
    });
    for (const notice of fresh) {
      const images = notice.images.length > 0 ? notice.images : [''];
      images.forEach((image) => this.#told.add(keyOf(notice, image)));
    }
    const kinds = [...new Set(fresh.map(({ kind }) => kind))];
    return kinds.map((kind) => lineOf(fresh.filter((notice) => notice.kind === kind)));
  }

  #isNew(notice: SetNotice, image: string): boolean {
    return !this.#told.has(keyOf(notice, image));
  }
}

const keyOf = ({ kind, text }: SetNotice, image: string): string => JSON.stringify([kind, text, image]);

/** Notices of one kind. */
function lineOf(notices: readonly SetNotice[]): string {
  const [first] = notices as [SetNotice];
  const images = [...new Set(notices.flatMap((notice) => notice.images))];
  if (images.length === 0) return `notice: ${notices.map(({ text }) => text).join(' ')}`;
  const named = images.slice(0, NAMED).join(', ');
  const more = images.length > NAMED ? ` and ${images.length - NAMED} more` : '';
  const differing = notices.length > 1 ? 'as in the first: ' : '';
  return `notice: ${named}${more}: ${differing}${first.text}`;
}
