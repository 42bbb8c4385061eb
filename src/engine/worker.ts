// The dedicated worker that owns the GPU: the local engine behind the message protocol, nothing else. Tests may set
// budgets, and what to compute on, in its global scope before it starts.
import type { AdapterChoice } from './adapter/gpuSession';
import type { Budgets } from './adapter/budgets';
import { createLocalEngine } from './local';
import { openOpfsScratch } from './features/opfsScratch';
import { holdLifeline } from './api/lifeline';
import { serve, type ServePort } from './api/serve';

const { gradBudgets, gradAdapter } = self as { gradBudgets?: Partial<Budgets>; gradAdapter?: AdapterChoice };
const engine = createLocalEngine({
  openScratch: openOpfsScratch,
  ...(gradBudgets && { budgets: gradBudgets }),
  ...(gradAdapter && { adapter: gradAdapter }),
});

serve(engine, self as unknown as ServePort);
holdLifeline((lifeline) => self.postMessage({ lifeline }));
