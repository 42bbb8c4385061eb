// Sending many images: every one once, the one on screen first, refused ones out, and work that grows with their number.
import { beforeEach, expect, it } from 'vitest';
import type { Engine, ImageFile } from '../../engine/api/types';
import { initialState } from '../shell/appState';
import { connectEngine } from '../shell/engineLink';
import { holdOwn } from './pictures';
import { sendImages } from './uploadQueue';
import { listed } from './dataSlice';
import { getState, patch, setState, useApp } from '../shell/store';

let sent: string[] = [];
const REFUSED = /[05]$/;

/** Takes everything but what ends in 0 or 5. */
async function addImages(files: ImageFile[]) {
  sent.push(...files.map(({ id }) => id));
  const refused = files.filter(({ id }) => REFUSED.test(id));
  return {
    added: [],
    refused: refused.map(({ id, name }) => ({
      id,
      name,
      error: { name: '', message: 'No.', remedy: 'Ask.' },
    })),
  };
}

function list(count: number): void {
  const ids = Array.from({ length: count }, (_, i) => `image ${i}`);
  ids.forEach((id) => holdOwn(id, new File([id], id), null));
  const about = { split: 'train', label: 0, type: 'good', own: true } as const;
  const images = Object.fromEntries(ids.map((id) => [id, listed({ id, name: id, ...about })]));
  patch('data', { images, order: ids, selected: 'image 21' });
}

beforeEach(() => {
  sent = [];
  setState(initialState());
  connectEngine({ addImages, subscribe: () => () => undefined } as unknown as Engine, () => undefined);
  const features = { height: 1, width: 1, channels: 1, sigma: null, backbone: '', taps: '', parameters: 0 };
  patch('engine', { status: 'ready', features });
});

it('sends every image once, the one on screen first, and takes out what is refused', async () => {
  list(30);
  await sendImages();
  await sendImages();
  expect(sent[0]).toBe('image 21');
  expect([...sent].sort()).toEqual(Array.from({ length: 30 }, (_, i) => `image ${i}`).sort());
  const { order, refusals, adding } = getState().data;
  expect(order).toHaveLength(24);
  expect(refusals).toHaveLength(6);
  expect(refusals.every(({ message, remedy }) => message === 'No.' && remedy === 'Ask.')).toBe(true);
  expect(adding).toBeNull();
});

it('sends an image again whose record is new', async () => {
  list(3);
  await sendImages();
  const { images } = getState().data;
  patch('data', { images: { ...images, 'image 1': { ...images['image 1']!, split: 'test' } } });
  await sendImages();
  // The first was refused and is gone.
  expect(sent).toEqual(['image 0', 'image 1', 'image 2', 'image 1']);
});

it('copies the list of images no more often for ten times as many', async () => {
  const copies = async (count: number) => {
    list(count);
    let changes = 0;
    const stop = useApp.subscribe(
      (now, before) => (changes += Number(now.data.images !== before.data.images)),
    );
    await sendImages();
    stop();
    return changes;
  };
  expect(await copies(100)).toBeLessThan(5);
  expect(await copies(1000)).toBeLessThan(8);
});
