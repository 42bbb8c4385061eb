// Beyond a thousand, the oldest thumbnails become small JPEGs; what is forgotten leaves nothing behind.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetThumbnail, keepThumbnail, thumbnailOf } from './thumbnails';

const LIMIT = 1000;
let urls: Set<string>;

const bitmap = () => ({ width: 4, height: 3, close: vi.fn() }) as unknown as ImageBitmap;
const ids = Array.from({ length: LIMIT + 3 }, (_, i) => `image ${i}`);

beforeEach(() => {
  urls = new Set();
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ drawImage: () => undefined });
      convertToBlob = async () => new Blob(['jpeg']);
    },
  );
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${Math.random()}`;
    urls.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.delete(url));
});
afterEach(() => {
  ids.forEach(forgetThumbnail);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('thumbnails', () => {
  it('are bitmaps up to the limit; the oldest beyond it become addresses of JPEGs', async () => {
    const bitmaps = ids.map(bitmap);
    ids.forEach((id, i) => keepThumbnail(id, bitmaps[i]!));
    await vi.waitFor(() => expect(urls.size).toBe(3));
    expect(ids.slice(0, 3).map(thumbnailOf)).toEqual([...urls]);
    expect(thumbnailOf(ids[3]!)).toBe(bitmaps[3]);
    expect(bitmaps.filter(({ close }) => vi.mocked(close).mock.calls.length > 0)).toHaveLength(3);
  });

  it('leave nothing behind, though they are forgotten while they are packed', async () => {
    ids.forEach((id) => keepThumbnail(id, bitmap()));
    ids.forEach(forgetThumbnail);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(urls.size).toBe(0);
    expect(thumbnailOf(ids[0]!)).toBeNull();
  });
});
