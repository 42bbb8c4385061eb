// When the inside view asks the engine: after the stage has painted, once for each answer of it, and for a pixel without
// looking anew.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { setParams } from '../settings/actions';
import { engine } from '../shell/engineLink';
import { getState, patch } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { pixelOf, pointAtCell, pointAtPixel, startInside, useInside } from './insideLoop';

let stop = () => undefined as void;
afterEach(() => stop());

const paint = (score: number) =>
  patch('view', {
    painted: {
      image: getState().data.selected!,
      map: 'fused',
      score,
      extremes: [0, 1],
      ms: 1,
      trained: true,
    },
  });

it('follows the stage, reads a pixel by itself, and forgets when it is closed', async () => {
  await openMockPage();
  await addFiles([{ path: 'part.jpg', file: new File(['part'], 'part.jpg') }], 'train');
  const image = () => Object.values(getState().data.images)[0];
  await until(() => image()?.status === 'ready');
  patch('data', { selected: image()!.id });
  patch('model', { source: 'trained' });
  patch('view', { painted: null });
  const show = vi.spyOn(engine()!, 'showInside');
  const read = vi.spyOn(engine()!, 'readInside');
  stop = startInside();
  // The stage has not painted: nothing is asked.
  expect(show).not.toHaveBeenCalled();
  paint(1);
  await until(() => useInside.getState().sum !== null);
  expect(show).toHaveBeenCalledOnce();
  expect(pixelOf(useInside.getState())).toBe(8 * 16 + 8);

  pointAtPixel(5);
  await until(() => useInside.getState().sum?.cell === 5);
  expect(read).toHaveBeenLastCalledWith(5);

  // A block is looked into once it is painted; what changes nothing inside never is.
  setParams({ opacity: 20 });
  setParams({ fbpOn: true, fbpX: 3 });
  expect(show).toHaveBeenCalledOnce();
  paint(2);
  await until(() => show.mock.calls.length === 2);
  expect(show.mock.lastCall![0].block).toMatchObject({ x: 3 });
  expect(show.mock.lastCall![0].cell).toBe(5);

  pointAtCell({ branch: 'normal', table: 'local', cell: 2 });
  stop();
  expect(useInside.getState()).toMatchObject({ seen: null, pixel: null, pointed: null });
});
