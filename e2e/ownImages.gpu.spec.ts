// A visitor's own files: good ones are taken, bad ones get one line each, and nothing already there is lost.
import { crc32 } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { encode } from 'fast-png';
import { Playground } from './pages/playground';

const png = (side: number, value: number, depth: 8 | 16 = 8) => {
  const data = depth === 8 ? new Uint8Array(side * side * 3) : new Uint16Array(side * side * 3);
  return Buffer.from(encode({ width: side, height: side, channels: 3, depth, data: data.fill(value) }));
};
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });

/** A PNG whose header claims 20000 x 20000 pixels. */
function giant(): Buffer {
  const buffer = png(4, 9);
  buffer.writeUInt32BE(20_000, 16);
  buffer.writeUInt32BE(20_000, 20);
  // The header chunk's checksum covers its type and its 13 bytes of data.
  buffer.writeUInt32BE(crc32(buffer.subarray(12, 29)), 29);
  return buffer;
}

test('wrong weights and bad files get one line each with a remedy, the rest goes on', async ({ page }) => {
  const app = new Playground(page);
  // A block that is seen beside the image's own defect.
  await app.open('v=1&i=30&b=2');
  await app.live();
  await test.step('wrong weights are refused by name and the backbone at work stays', async () => {
    const lying = Buffer.alloc(64);
    lying.writeBigUInt64LE(1_000_000n);
    await app.addFiles([
      { name: 'weights.safetensors', mimeType: 'application/octet-stream', buffer: lying },
    ]);
    await expect(app.messages).toContainText('not a readable .safetensors file');
    const plain = await app.score();
    await app.pasteSwitch().check();
    await expect.poll(() => app.score()).not.toBe(plain);
  });
  await app.addFiles([
    file('good-a.png', png(40, 100)),
    file('good-b.png', png(64, 5000, 16)),
    file('text.png', Buffer.from('this is not an image')),
    file('empty.png', Buffer.alloc(0)),
    file('cut.png', png(40, 7).subarray(0, 50)),
    file('giant.png', giant()),
  ]);
  await expect(app.refused.getByRole('listitem')).toHaveCount(4);
  for (const name of ['text.png', 'empty.png', 'cut.png', 'giant.png'])
    await expect(app.refused).toContainText(name);
  await expect(app.refused).toContainText('20000');
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Use few images' })).toBeVisible();
  expect(app.complaints).toEqual([]);
});
