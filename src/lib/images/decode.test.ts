// Every kind of picture that is read, against PIL's pixels. Exact for all three formats: PNG and lossless WebP by
// definition, JPEG and lossy WebP because the decoders are the same C libraries.
import { describe, expect, it } from 'vitest';
import { decodeImage, decodeMask } from './decode';
import { DECODABLE, decodedByPil, fixture } from './fixtures/read';

describe('decodeImage', () => {
  it.each(DECODABLE)('reads %s as PIL does', async (name) => {
    const { image } = await decodeImage(fixture(name));
    expect(image).toEqual(decodedByPil(name));
  });

  it('reads a file that is a view into a larger buffer', async () => {
    for (const name of ['rgb8.png', 'baseline420.jpg', 'lossless.webp'] as const) {
      const file = fixture(name);
      const larger = new Uint8Array(file.length + 20).fill(0xff);
      larger.set(file, 7);
      const { image } = await decodeImage(larger.subarray(7, 7 + file.length));
      expect(image).toEqual(decodedByPil(name));
    }
  });

  it('reads many files at once', async () => {
    const names = [...DECODABLE, ...DECODABLE];
    const images = await Promise.all(names.map(async (name) => (await decodeImage(fixture(name))).image));
    images.forEach((image, i) => expect(image).toEqual(decodedByPil(names[i]!)));
  });

  it('says nothing about an ordinary image', async () => {
    for (const name of ['rgb8.png', 'baseline420.jpg', 'lossy.webp']) {
      expect((await decodeImage(fixture(name))).notices).toEqual([]);
    }
  });

  it('says that transparency is ignored', async () => {
    for (const name of ['rgba8.png', 'palette8Transparent.png', 'alpha.webp']) {
      expect((await decodeImage(fixture(name))).notices[0]!.text).toMatch(/transparency is ignored/);
    }
  });

  it('takes the first picture of an animated PNG and says so', async () => {
    const { image, notices } = await decodeImage(fixture('animated.png'));
    expect(image).toEqual(decodedByPil('animated.png'));
    expect(notices[0]!.text).toMatch(/only its first picture/);
  });

  it('ignores what follows the end of a JPEG, as cameras append previews', async () => {
    const file = fixture('baseline420.jpg');
    const longer = new Uint8Array([...file, ...fixture('grey.jpg')]);
    expect((await decodeImage(longer)).image).toEqual(decodedByPil('baseline420.jpg'));
  });
});

describe('decodeMask', () => {
  it('marks where the grey value is above 127', async () => {
    const { mask, notices } = await decodeMask(fixture('grey8.png'));
    const grey = decodedByPil('grey8.png').data.filter((_, i) => i % 3 === 0);
    expect([...mask.data]).toEqual([...grey].map((value) => (value > 127 ? 1 : 0)));
    expect(notices).toEqual([]);
  });

  it('reads one-bit masks', async () => {
    const { mask } = await decodeMask(fixture('mask.png'));
    expect([mask.width, mask.height]).toEqual([64, 48]);
    expect(new Set(mask.data)).toEqual(new Set([0, 1]));
  });
});
