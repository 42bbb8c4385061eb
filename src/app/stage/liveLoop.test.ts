// What the page makes of a live update that the engine refuses: no verdict from numbers that are none, but words.
import { expect, it } from 'vitest';
import { ScoreNotFinite } from '../../lib/scoring/finiteScores';
import { until } from '../../testing/until';
import { addFiles } from '../images/own';
import { engine } from '../shell/engineLink';
import { getState } from '../shell/store';
import { openMockPage } from '../testing/mockPage';
import { start } from '../training/actions';
import { refreshView, startLiveLoop } from './liveLoop';

it('takes the picture back and says which image it is and what to do', async () => {
  await openMockPage();
  startLiveLoop();
  await addFiles([{ path: 'part.jpg', file: new File(['part'], 'part.jpg') }], 'train');
  await start();
  await until(() => getState().view.painted !== null);
  const refusal = new ScoreNotFinite('part.jpg', 'features');
  engine()!.show = () => Promise.reject(refusal);
  refreshView();
  await until(() => getState().view.painted === null);
  const { message, remedy } = refusal;
  const said = getState().notices.list.filter(({ tone }) => tone === 'error');
  expect(said).toMatchObject([{ message, remedy, error: 'ScoreNotFinite' }]);
});
