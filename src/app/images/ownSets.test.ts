// Several sets of the user's own: the question where a new one goes, files that are there already, and the way back to a set
// that left the screen, with its model. Against the fake engine.
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../testing/until';
import { openMockPage } from '../testing/mockPage';
import { getState } from '../shell/store';
import { start } from '../training/actions';
import { addFiles } from './own';
import { openOwnSet, removeOwnSet } from './ownSets';
import { answerPlacing, titleFor, type Place, type Way } from './placing';
import { chooseSet } from './sets';

const file = (path: string, content = path) => ({ path, file: new File([content], path.split('/').at(-1)!) });
const bolts = ['train/good/0.png', 'train/good/1.png', 'test/dent/0.png'].map((path) => file(`bolt/${path}`));
const nuts = ['train/good/0.png', 'test/crack/0.png'].map((path) => file(`nut/${path}`));

/** Brings a set, and answers the question if one comes. @returns whether it came */
async function bring(files: typeof bolts, place: Place, way: Way = 'dropped'): Promise<boolean> {
  let asked = false;
  const adding = addFiles(files, 'train', way).finally(() => (asked ||= false));
  const done = adding.then(() => true);
  for (let over = false; !over;) {
    over = await Promise.race([done, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 5))]);
    if (!getState().largeLoad.placing) continue;
    asked = true;
    answerPlacing(place);
  }
  return asked;
}

const names = () =>
  getState()
    .data.order.map((id) => getState().data.images[id]!.name)
    .sort();
const pathsOf = (files: typeof bolts) => files.map(({ path }) => path).sort();
const titles = () => getState().data.shelf.map(({ title }) => title);
const ready = () => Object.values(getState().data.images).every(({ status }) => status === 'ready');

beforeEach(() => openMockPage({ epochs1: 1, epochs2: 1 }));

it('asks of a second set only, which then stands beside the first, called after its folder', async () => {
  expect(await bring(bolts, 'none')).toBe(false);
  expect(getState().data.set.title).toBe('bolt');
  expect(await bring(nuts, 'new')).toBe(true);
  expect(getState().data.set.title).toBe('nut');
  expect(names()).toEqual(pathsOf(nuts));
  expect(getState().data.shelf).toMatchObject([{ title: 'bolt', images: 3 }]);
});

it('takes two that come at once one after the other, and loses neither', async () => {
  const first = addFiles(bolts, 'train', 'dropped');
  expect(await bring(nuts, 'new')).toBe(true);
  await first;
  expect([getState().data.set.title, names().length]).toEqual(['nut', nuts.length]);
  expect(getState().data.shelf).toMatchObject([{ title: 'bolt', images: bolts.length }]);
});

it('brings a set back with its model, while the other leaves', async () => {
  await bring(bolts, 'none');
  const before = getState().params.dataset;
  await start();
  await until(() => getState().scores.status === 'ready');
  const { fusionValue } = getState().model;
  await bring(nuts, 'new');
  expect(getState().model.source).toBe('none');
  await openOwnSet(getState().data.shelf[0]!.key);
  await until(ready);
  expect(names()).toEqual(pathsOf(bolts));
  expect(getState().params.dataset).toBe(before);
  expect(getState().model).toMatchObject({ source: 'trained', fusionValue });
  expect(titles()).toEqual(['nut']);
});

it('replaces, adds, or leaves everything as it is', async () => {
  await bring(bolts, 'none');
  await bring(nuts, 'none');
  expect(names()).toHaveLength(3);
  await bring(nuts, 'add');
  expect(names()).toHaveLength(5);
  await bring([file('cog/train/0.png')], 'replace');
  expect([names(), titles()]).toEqual([['cog/train/0.png'], []]);
});

it('does not ask of single images that are added to a side, nor of images to test', async () => {
  await bring(bolts, 'none');
  expect(await bring([file('one more.png')], 'none', 'chosen')).toBe(false);
  const adding = addFiles([file('look at this.png')], 'test', 'dropped');
  await adding;
  expect(names()).toHaveLength(5);
});

it('names files that are in the set already, and does not add them again', async () => {
  await bring(bolts, 'none');
  await bring(
    [...bolts, file('bolt/train/good/new.png', 'bolt/train/good/0.png'), file('bolt/train/good/x.png')],
    'add',
  );
  expect(names()).toHaveLength(4);
  const told = getState()
    .notices.list.map(({ message, remedy }) => `${message} ${remedy ?? ''}`)
    .join(' ');
  expect(told).toContain('Already in the set and not added again: bolt/test/dent/0.png');
  expect(told).toContain('and 1 more.');
});

it('gives sets of one name numbers, and goes on to another set when one is removed', async () => {
  await bring(bolts, 'none');
  await bring([file('bolt/train/good/7.png'), file('bolt/test/bad/7.png')], 'new');
  expect([getState().data.set.title, titles()]).toEqual(['bolt 2', ['bolt']]);
  await removeOwnSet();
  expect([getState().data.set.title, titles()]).toEqual(['bolt', []]);
  getState().notices.list.at(-1)!.action!.run();
  await until(() => getState().data.set.title === 'bolt 2' && ready());
  expect(titles()).toEqual(['bolt']);
});

it('keeps a set in the chooser when a bundled one is chosen', async () => {
  await bring(bolts, 'none');
  const { dataset } = getState().params;
  await chooseSet('nowhere');
  expect(titles()).toEqual(['bolt']);
  await openOwnSet(getState().data.shelf[0]!.key);
  expect([names().length, getState().params.dataset]).toEqual([3, dataset]);
});

it('is called after the one folder that all files share, unless that says nothing', () => {
  expect(titleFor(['bolt/train/0.png', 'bolt/x.png'])).toBe('bolt');
  expect([titleFor(['train/0.png']), titleFor(['0.png']), titleFor(['a/0.png', 'b/0.png'])]).toEqual([null, null, null]); // prettier-ignore
});
