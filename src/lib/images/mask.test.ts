// Masks as annotation tools write them: what is defect, and what is said of it. Right values are counted by hand.
import { describe, expect, it } from 'vitest';
import type { Mask } from './image';
import { fitMask, toMask } from './mask';
import type { Orientation } from './orientation';
import type { StoredPicture } from './storedPicture';

const size = (width: number, height: number) => ({ width, height });
type Colour = readonly [number, number, number];
const grey = (value: number): Colour => [value, value, value];

/** A picture from rows of letters and what they stand for. */
function picture(rows: readonly string[], colours: Record<string, Colour>): Pick<StoredPicture, 'image'> {
  const letters = rows.join('');
  const data = Uint8Array.from([...letters].flatMap((letter) => [...colours[letter]!]));
  return { image: { width: rows[0]!.length, height: rows.length, data } };
}

/** Of more than eight bits. */
const deep = (rows: readonly string[], values: Record<string, number>): Pick<StoredPicture, 'image'> => ({
  image: {
    ...size(rows[0]!.length, rows.length),
    channels: 1,
    data: Uint16Array.from([...rows.join('')], (letter) => values[letter]!),
  },
});

const shown = ({ width, data }: Mask): string[] =>
  Array.from({ length: data.length / width }, (_, y) =>
    [...data.subarray(y * width, (y + 1) * width)].map((value) => '.#'[value]).join(''),
  );

const kinds = (read: ReturnType<typeof toMask>) => read.notices.map(({ kind }) => kind);

const BLOT = ['.......', '.oo....', '.oo....', '.......', '....xxx', '....xxx', '....xxx'];
const BOTH = ['.......', '.##....', '.##....', '.......', '....###', '....###', '....###'];

describe('toMask', () => {
  it('means defect above 127, not at 127, in a mask with soft edges, and says nothing', () => {
    const soft = picture(['.abcde', '.abcde', '.abcde'], {
      '.': grey(0),
      a: grey(60),
      b: grey(127),
      c: grey(128),
      d: grey(200),
      e: grey(255),
    });
    const read = toMask(soft);
    expect(shown(read.mask)).toEqual(['...###', '...###', '...###']);
    expect(kinds(read)).toEqual([]);
  });

  it('takes each colour for a defect, however dark it looks', () => {
    const read = toMask(picture(BLOT, { '.': grey(0), o: [0, 0, 255], x: [128, 0, 0] }));
    expect(shown(read.mask)).toEqual(BOTH);
    expect(kinds(read)).toEqual(['mask-colours']);
  });

  it('takes the commonest colour for background where there is no black', () => {
    const read = toMask(picture(BLOT, { '.': [20, 90, 20], o: [250, 0, 0], x: [20, 90, 220] }));
    expect(shown(read.mask)).toEqual(BOTH);
    expect(read.notices[0]!.text).toMatch(/commonest colour \(20, 90, 20\)/);
  });

  it.each([
    [{ '.': 0, o: 1, x: 2 }, 'numbers'],
    [{ '.': 0, o: 85, x: 255 }, 'levels spread over a byte'],
    [{ '.': 0, o: 40, x: 90 }, 'levels below the middle'],
    [{ '.': 1, o: 2, x: 3 }, 'numbers from 1, the background'],
  ])('takes every value for a defect in %o: %s', (values) => {
    const colours = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, grey(value)]));
    const read = toMask(picture(BLOT, colours));
    expect(shown(read.mask)).toEqual(BOTH);
    expect(kinds(read)).toEqual(['mask-levels']);
  });

  it.each([1, 255, 1023, 65535])('finds a defect of value %d in 16 bits', (value) => {
    const read = toMask(deep(BLOT, { '.': 0, o: value, x: value }));
    expect(shown(read.mask)).toEqual(BOTH);
  });

  it('takes instances numbered beyond a byte for defects', () => {
    expect(shown(toMask(deep(BLOT, { '.': 0, o: 300, x: 40000 })).mask)).toEqual(BOTH);
  });

  it('cuts 16 bits with soft edges in the middle', () => {
    const read = toMask(deep(['.ab', '.ab', '.ab'], { '.': 0, a: 20000, b: 65535 }));
    expect(shown(read.mask)).toEqual(['..#', '..#', '..#']);
  });

  it('keeps what a lossy file adds around a defect out', () => {
    const noisy = { ...picture(BLOT, { '.': grey(3), o: grey(9), x: grey(250) }), lossy: true };
    expect(shown(toMask(noisy).mask)[1]).toBe('.......');
    expect(shown(toMask(noisy).mask)[4]).toBe('....###');
  });

  it.each([
    ['white', grey(255)],
    ['black', grey(0)],
  ])('reads the alpha channel of a mask that is %s everywhere', (_name, colour) => {
    const alpha = Uint8Array.from(BLOT.join(''), (letter) => (letter === '.' ? 0 : 255));
    const read = toMask({ ...picture(BLOT, { '.': colour, o: colour, x: colour }), alpha });
    expect(shown(read.mask)).toEqual(BOTH);
    expect(kinds(read)).toEqual(['mask-alpha']);
  });

  it('takes what is transparent for background, whatever colour lies under it', () => {
    const alpha = Uint8Array.from(BLOT.join(''), (letter) => (letter === '.' ? 0 : 255));
    const colours = { '.': grey(255), o: [0, 200, 0] as const, x: [200, 0, 0] as const };
    expect(shown(toMask({ ...picture(BLOT, colours), alpha }).mask)).toEqual(BOTH);
  });

  it('ignores an alpha channel that says nothing', () => {
    const alpha = new Uint8Array(49).fill(255);
    const read = toMask({ ...picture(BLOT, { '.': grey(0), o: grey(255), x: grey(255) }), alpha });
    expect(shown(read.mask)).toEqual(BOTH);
    expect(kinds(read)).toEqual([]);
  });

  it('reads the numbers of a palette whose colours are all the same', () => {
    const indices = Uint8Array.from(BLOT.join(''), (letter) => '.ox'.indexOf(letter));
    const read = toMask({ ...picture(BLOT, { '.': grey(0), o: grey(0), x: grey(0) }), indices });
    expect(shown(read.mask)).toEqual(BOTH);
    expect(kinds(read)).toContain('mask-indices');
  });

  it('says when most of the mask is defect, and turns it over on request', () => {
    const colours = { '.': grey(255), o: grey(0), x: grey(0) };
    const asDrawn = toMask(picture(BLOT, colours));
    expect(kinds(asDrawn)).toEqual(['mask-mostly-defect']);
    expect(asDrawn.notices[0]!.text).toMatch(/^73 %/);
    const inverted = toMask(picture(BLOT, colours), { inverted: true });
    expect(shown(inverted.mask)).toEqual(BOTH);
    expect(kinds(inverted)).toEqual([]);
  });

  it('finds nothing in a black mask', () => {
    expect(toMask(picture(BLOT, { '.': grey(0), o: grey(0), x: grey(0) })).mask.data).not.toContain(1);
  });
});

describe('fitMask', () => {
  const fit = (mask: ReturnType<typeof size>, orientation: Orientation, upright = false) =>
    fitMask(mask, { width: 700, height: 453, orientation }, upright);

  it('is silent when mask and image are the same size', () => {
    expect(fit(size(700, 453), 1)).toEqual({ turn: 1, notices: [] });
  });

  it('notes another size of the same shape', () => {
    expect(fit(size(350, 227), 1).notices.map(({ kind }) => kind)).toEqual(['mask-resized']);
  });

  it('refuses another shape, such as a mask that was not turned with its image', () => {
    expect(() => fit(size(453, 700), 1)).toThrow(/shapes differ/);
    expect(() => fit(size(100, 700), 6)).toThrow(/shapes differ/);
  });

  it('turns a mask that was drawn on the stored pixels, as its image is turned', () => {
    expect(fit(size(453, 700), 6)).toMatchObject({ turn: 6, notices: [{ kind: 'mask-turned' }] });
    expect(fit(size(700, 453), 6)).toEqual({ turn: 1, notices: [] });
  });

  it('turns it where the shape does not tell, and says so; one that is known to be upright stays', () => {
    const notices = [{ kind: 'mask-turned', text: expect.stringMatching(/shape does not tell/) as string }];
    expect(fit(size(700, 453), 3)).toEqual({ turn: 3, notices });
    expect(fit(size(700, 453), 3, true)).toEqual({ turn: 1, notices: [] });
  });
});
