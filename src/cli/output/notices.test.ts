import { describe, expect, it } from 'vitest';
import { NoticeBook } from './notices';

const resized = (size: string) => ({ kind: 'mask-resized', text: `The mask is ${size}.` }) as const;

describe('a book of notices', () => {
  it('tells one line for each kind, names a few images and counts the others', () => {
    const book = new NoticeBook();
    ['a', 'b', 'c', 'd', 'e'].forEach((name) => book.addOf(name, [resized('48 x 48')]));
    expect(book.untold()).toEqual(['notice: a, b, c and 2 more: The mask is 48 x 48.']);
    expect(book.ofImages).toEqual([{ ...resized('48 x 48'), images: ['a', 'b', 'c', 'd', 'e'] }]);
  });

  it('gives an example where the sentences of a kind differ, and keeps them all', () => {
    const book = new NoticeBook();
    book.addOf('a', [resized('48 x 48')]);
    book.addOf('b', [resized('12 x 12')]);
    expect(book.untold()).toEqual(['notice: a, b: as in the first: The mask is 48 x 48.']);
    expect(book.ofImages).toHaveLength(2);
  });

  it('says nothing twice, and what is new of a kind for the new images alone', () => {
    const book = new NoticeBook();
    const ofSet = { kind: 'constant-scores', text: 'All the same.', images: [] } as const;
    book.addOf('a', [resized('48 x 48')]);
    expect(book.untold([{ ...ofSet, images: [] }])).toHaveLength(2);
    book.addOf('b', [resized('48 x 48')]);
    expect(book.untold([{ ...ofSet, images: [] }])).toEqual(['notice: b: The mask is 48 x 48.']);
  });
});
