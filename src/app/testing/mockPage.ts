// A page just opened, for tests of the state: nothing loaded, an engine that only pretends.
import type { Params } from '../../settings/table';
import { createMockEngine } from '../../testing/mockEngine';
import { configure } from '../shell/feed';
import { afterEvent } from '../shell/afterEvent';
import { initialState } from '../shell/appState';
import { connectEngine } from '../shell/engineLink';
import { patch, setState } from '../shell/store';

/** Opens it, with the engine ready and configured. @param changes to the parameters at their defaults */
export async function openMockPage(changes: Partial<Params> = {}): Promise<void> {
  setState(initialState());
  const engine = createMockEngine();
  connectEngine(engine, afterEvent);
  await engine.open({ probe: false });
  patch('engine', { status: 'ready' });
  patch('data', { status: 'ready' });
  setState(({ params }) => ({ params: { ...params, ...changes } }));
  await configure();
}
