// When the inside view asks the engine: after the stage has painted, once for each answer of it, and for a pixel without
// looking anew.
import { afterEach, expect, it, vi } from 'vitest';
import type { InsideRequest } from '../../engine/api/types';
import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { setParams } from '../settings/actions';
import { engine } from '../shell/engineLink';
import { getState, patch } from '../shell/store';
import { startLiveLoop } from '../stage/liveLoop';
import { openMockPage } from '../testing/mockPage';
import { start } from '../training/actions';
import { pixelOf, pointAtCell, pointAtPixel, startInside, useInside } from './insideLoop';

let stop = () => undefined as void;
afterEach(() => stop());

it('follows the stage, reads a pixel by itself, and forgets when it is closed', async () => {
  await openMockPage();
  startLiveLoop();
  await addFiles([{ path: 'part.jpg', file: new File(['part'], 'part.jpg') }], 'train');
  const asked: InsideRequest[] = [];
  const show = engine()!.showInside.bind(engine());
  engine()!.showInside = (request) => (asked.push(request), show(request));
  const read = vi.spyOn(engine()!, 'readInside');
  await start();
  await until(() => getState().view.painted !== null);
  patch('view', { painted: null });
  stop = startInside();
  // The stage has not painted: nothing is asked.
  expect(asked).toHaveLength(0);
  patch('view', { painted: { image: getState().data.selected!, map: 'fused', score: 1, extremes: [0, 1], ms: 1, trained: true } }); // prettier-ignore
  await until(() => useInside.getState().seen !== null);
  expect(asked).toHaveLength(1);
  expect(pixelOf(useInside.getState())).toBe(8 * 16 + 8);

  pointAtPixel(5);
  await until(() => useInside.getState().sum?.cell === 5);
  expect(read).toHaveBeenLastCalledWith(5);
  expect(asked).toHaveLength(1);

  // What changes nothing inside asks for nothing; a block does, once it is painted.
  setParams({ opacity: 20 });
  setParams({ fbpOn: true, fbpX: 3 });
  await until(() => asked.at(-1)!.block?.x === 3);
  pointAtCell({ branch: 'normal', table: 'local', cell: 2 });
  stop();
  expect(useInside.getState()).toMatchObject({ seen: null, pixel: null, pointed: null });
});
