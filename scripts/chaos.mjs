// Breaks the built page at random moments of what a visitor does, round after round, and says where each ended:
// `npm run chaos -- --rounds 40 --seed 7 [--faults worker,gpu] [--activities training]
// [--adapter cpu]`. A seed repeats its rounds. On the processor they take half the time; device and GPU process are not struck then.
// What there is to break and to do: e2e/pages/chaos.ts.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '42' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '' },
    activities: { type: 'string', default: '' },
    adapter: { type: 'string', default: 'gpu' },
  },
});
const { status } = spawnSync('npx', ['--no-install', 'playwright', 'test', 'e2e/chaos.gpu.spec.ts'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    GRAD_CHAOS_ROUNDS: values.rounds,
    GRAD_CHAOS_SEED: values.seed,
    GRAD_CHAOS_FAULTS: values.faults,
    GRAD_CHAOS_ACTIVITIES: values.activities,
    GRAD_CHAOS_TIER: values.adapter,
  },
});
process.exit(status ?? 1);
