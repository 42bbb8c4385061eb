// The command line's scratch file: gives back what it was given, and leaves nothing in the folder.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openScratchFile } from './scratchFile';

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('grad-features-'));

describe('the scratch file', () => {
  it('reads what was written, anywhere in it', async () => {
    const file = await openScratchFile();
    const bytes = Uint8Array.of(1, 2, 3, 4);
    file.write(1000, bytes);
    file.write(2000, Uint8Array.of(9));
    const read = new Uint8Array(4);
    file.read(1000, read);
    expect(read).toEqual(bytes);
    expect(file.capacity).toBeGreaterThan(0);
    expect(() => file.read(5000, read)).toThrow('cut short');
    file.close();
  });

  it.skipIf(process.platform === 'win32')('is in nobody’s way while it is open', async () => {
    const before = left();
    const file = await openScratchFile();
    expect(left()).toEqual(before);
    file.close();
  });
});
