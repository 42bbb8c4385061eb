// The stored result of a bundled set: one of before is read, damaged ones are refused.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SetUnreadable } from '../shell/errors';
import { fetchResult, type StoredResult } from './demoSet';

const FIXTURE = resolve('src/app/images/fixtures/demoResult.json');
const stored = () => JSON.parse(readFileSync(FIXTURE, 'utf8')) as StoredResult;

/** A server that has the result, changed, and as many bytes of maps as the result as it was names. */
function serve(change: (result: Record<string, unknown>) => void = () => {}): void {
  const result = stored();
  const { height, width, maps } = result;
  change(result as unknown as Record<string, unknown>);
  const bytes = new Float32Array(height * width * maps.length);
  vi.stubGlobal('fetch', async (url: string) =>
    url.endsWith('.json') ? Response.json(result) : new Response(bytes),
  );
}

afterEach(() => void vi.unstubAllGlobals());

describe('the stored result of a set', () => {
  it('of before is read, with a map for each image', async () => {
    serve();
    const { result, maps } = await fetchResult('parts');
    expect(result).toMatchObject(stored());
    expect([...maps.keys()]).toEqual(stored().maps);
  });

  it.each<[string, (result: Record<string, unknown>) => void]>([
    ['height is not a whole number', (result) => (result['height'] = -48)],
    [
      'ranges.fused[1] is not a number',
      (result) => Object.assign(result['ranges'] as object, { fused: [0, 'x'] }),
    ],
    ['metrics is missing', (result) => delete result['metrics']],
  ])('is refused when %s', async (words, change) => {
    serve(change);
    await expect(fetchResult('parts')).rejects.toThrow(words);
    await expect(fetchResult('parts')).rejects.toThrow(SetUnreadable);
  });

  it('is refused when its maps are fewer than it names', async () => {
    serve((result) => (result['maps'] = [...(result['maps'] as string[]), 'test/good/999.jpg']));
    await expect(fetchResult('parts')).rejects.toThrow(SetUnreadable);
  });
});
