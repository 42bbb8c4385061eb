// What steps do to the page, judged and remembered, against the engine that pretends. In Node, no browser.
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_SCENE, newStep, reached, type Scene } from '../../settings/story';
import { until } from '../../testing/until';
import { listed } from '../images/dataSlice';
import { addFiles } from '../images/own';
import { sceneOnScreen } from '../lesson/sceneOnScreen';
import { setRule } from '../lesson/guardLesson';
import { getState, patch } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { ENTRIES } from './formulas';
import { readingOf } from './readings';
import { play } from './scene';
import { answer, goTo, open, useTelling } from './telling';

const image = (name: string, split: 'train' | 'test', label: 0 | 1) =>
  listed({ id: name, name, split, label, type: label ? 'dent' : 'good', own: false });

const scene = (part: Partial<Scene>): Scene => ({ ...NO_SCENE, ...part });

beforeEach(async () => {
  await openMockPage();
  const records = [
    image('t', 'train', 0),
    image('a', 'test', 0),
    image('b', 'test', 0),
    image('d', 'test', 1),
  ];
  patch('data', {
    images: Object.fromEntries(records.map((record) => [record.id, record])),
    order: records.map(({ id }) => id),
  });
  patch('scores', { status: 'ready', byId: { t: 0.1, a: 0.2, b: 0.6, d: 0.5 } });
});

describe('a scene', () => {
  it.each([
    ['normal', 'a'],
    ['defect', 'd'],
    ['training', 't'],
    ['b', 'b'],
  ])('shows %s', async (wanted, id) => {
    expect(await play(scene({ image: wanted }))).toBeNull();
    expect(getState().data.selected).toBe(id);
  });

  it('says what is not there, and does the rest', async () => {
    const missing = await play(scene({ image: 'nowhere/<b>.png', set: { fbpOn: true } }));
    expect(missing).toBe('There is no image “nowhere/<b>.png” here: choose one yourself.');
    expect(getState().params.fbpOn).toBe(true);
    expect(await play(scene({ data: 'moon' }))).toMatch(
      /needs the images “moon”, which this page does not have/,
    );
    patch('data', { sets: [{ id: 'fabric', title: 'Woven cloth' }] });
    patch('params', { dataset: 'own' });
    expect(await play(scene({ data: 'fabric' }))).toContain('go on with your own images');
  });

  it('may change what the lesson locks for its readers', async () => {
    setRule('b', 'locked');
    setRule('training', 'hidden');
    await play(scene({ set: { fbpSize: 5 }, line: 0.3 }));
    expect(getState().params.fbpSize).toBe(5);
    expect(getState().view.threshold).toBe(0.3);
    await play(scene({ line: 'suggested' }));
    expect(getState().view.threshold).toBeNull();
  });

  it('trains to the end of stage 1, is held there, and goes on to the end of stage 2', async () => {
    const file = new File(['part'], 'part.jpg');
    patch('data', { images: {}, order: [] });
    await addFiles([{ path: 'part.jpg', file }], 'train');
    patch('params', { epochs1: 2, epochs2: 3 });
    await play(scene({ train: 1 }));
    await until(() => getState().training.status === 'paused');
    expect(readingOf(getState(), 'stage1')).toBe(1);
    expect(readingOf(getState(), 'stage2')).toBeLessThan(1);
    await play(scene({ train: 2 }));
    await until(() => getState().training.status === 'finished');
    expect(readingOf(getState(), 'stage2')).toBe(1);
  });

  it('is what a teacher has on screen', () => {
    patch('data', { selected: 'd' });
    patch('params', { fbpOn: true, fbpSize: 2, map: 'normal', opacity: 30 });
    patch('view', { threshold: 0.4 });
    expect(sceneOnScreen(getState())).toMatchObject({
      image: 'd',
      line: 0.4,
      set: { fbpOn: true, fbpSize: 2, map: 'normal', opacity: 30 },
    });
  });
});

describe('a goal', () => {
  it('is judged by what the line decides', () => {
    const missed = () =>
      reached(
        [
          { what: 'missed', relation: 'is', than: 0 },
          { what: 'alarms', relation: 'above', than: 0 },
        ],
        (what) =>
          // prettier-ignore
          readingOf(getState(), what),
      );
    expect(missed()).toBe(false);
    patch('view', { threshold: 0.55 });
    expect(missed()).toBe(false);
    patch('view', { threshold: 0.45 });
    expect(missed()).toBe(true);
    expect(ENTRIES.line.now(getState())).toBe('t = 0.450: finds 1 of 1, flags 1 of 2 normal');
    // Scores of a model before decide nothing.
    patch('scores', { status: 'stale' });
    expect(missed()).toBe(false);
  });

  it('has its formula with the number of the moment', () => {
    expect(ENTRIES.set.now(getState())).toBe('N = 1');
    expect(ENTRIES.features.now(getState())).toMatch(/^\d+ × \d+ cells, \d+ numbers each$/);
    patch('data', { selected: 'a' });
    patch('params', { fbpOn: true, fbpShape: 'square', fbpSize: 1, fbpIntensity: 0.5 });
    expect(ENTRIES.block.now(getState())).toMatch(/^I = 0.5 σ on 9 of \d+ cells$/);
  });
});

describe('the way through a lesson', () => {
  const step = { ...newStep('One'), scene: scene({ set: { fbpOn: true } }) };

  it('takes the first answer, and begins another lesson at its beginning', async () => {
    open('first', 3, false);
    answer(0, 1, step);
    answer(0, 0, step);
    goTo(2);
    expect(useTelling.getState()).toMatchObject({ at: 2, answers: [1] });
    await until(() => getState().params.fbpOn);
    open('second', 3, false);
    expect(useTelling.getState()).toMatchObject({ at: 0, answers: [] });
  });

  it('stays where it is while its words are being changed', () => {
    open('third', 3, false);
    goTo(1);
    open('third, changed', 3, true);
    expect(useTelling.getState().at).toBe(1);
  });
});
