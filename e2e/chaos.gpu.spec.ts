// Faults at some moment of what a visitor does. `npm run chaos -- --rounds 40 --seed 7` draws many; without it a few that
// are worth a test of every day: here, and in engineLoss.gpu.spec.ts what needs no WebGPU.
import { test, expect } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';
import { Random } from '../src/lib/nn/random';
import {
  ACTIVITIES,
  ChaosPage,
  FAULTS,
  GPU_FAULTS,
  round,
  spanOf,
  undisturbed,
  type Activity,
  type Fault,
  type Tier,
} from './pages/chaos';

const PRETENDED = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const ROUNDS = Number(process.env['GRAD_CHAOS_ROUNDS'] ?? 0);
const SEED = Number(process.env['GRAD_CHAOS_SEED'] ?? 1);
const TIER: Tier = process.env['GRAD_CHAOS_TIER'] === 'cpu' ? 'cpu' : 'gpu';
const only = <T extends string>(all: readonly T[], name: string): T[] =>
  all.filter((one) => !process.env[name] || process.env[name].split(',').includes(one));

test('a GPU process that crashes takes nothing along', async ({ browser }) => {
  test.skip(ROUNDS > 0);
  const chaos = await ChaosPage.open(browser, 'v=1&e1=2&e2=2&seed=5');
  const { app } = chaos;
  await app.live();
  const score = await app.score();
  await chaos.strike('gpu');
  await expect(app.messages).toContainText('device was lost and is back');
  await app.live();
  await expect.poll(() => app.score()).toBeCloseTo(score, 2);
  await expect(app.banner).toBeHidden();
  expect(chaos.uncaught).toEqual([]);
  await chaos.close();
});

test('many rounds', async ({ playwright }) => {
  test.skip(ROUNDS === 0);
  test.setTimeout(0);
  const random = Random.stream(SEED, 'chaos');
  const faults = only(FAULTS, 'GRAD_CHAOS_FAULTS').filter(
    (fault) => TIER === 'gpu' || !GPU_FAULTS.includes(fault),
  );
  const pairs = faults.flatMap((fault) =>
    only(ACTIVITIES, 'GRAD_CHAOS_ACTIVITIES').map((activity) => [fault, activity] as const),
  );
  const expected = new Map<Activity, string>();
  const failed: string[] = [];
  const launch = () =>
    playwright.chromium.launch({
      executablePath: findBrowser() ?? undefined,
      args: [...(TIER === 'gpu' ? BROWSER_ARGS : ['--no-sandbox', '--disable-gpu']), ...PRETENDED],
    });
  const order = Array.from({ length: Math.ceil(ROUNDS / pairs.length) }, () =>
    [...random.permutation(pairs.length)].map((i) => pairs[i]!),
  )
    .flat()
    .slice(0, ROUNDS);
  for (const [fault, activity] of order) {
    // A GPU process that crashed too often is not started again: each round has a browser of its own.
    const browser = await launch();
    try {
      for (let i = 0; i < 3 && !expected.has(activity); i++)
        await undisturbed(browser, activity, TIER).then(
          (end) => expected.set(activity, end),
          (error: unknown) => console.log(`no fault ${activity}: ${String(error).slice(0, 200)}`),
        );
      const delay = random.int(0, spanOf(activity));
      const { kind, detail, seconds } = await round(browser, activity, fault, delay, {
        expected: expected.get(activity)!,
        tier: TIER,
      }).catch((error: unknown) => ({
        kind: 'failed' as const,
        detail: String(error).slice(0, 300),
        seconds: NaN,
      }));
      console.log(
        `${kind.padEnd(6)} ${fault.padEnd(8)} ${activity.padEnd(10)} after ${String(delay).padStart(4)} ms, ${seconds.toFixed(0)} s: ${detail.slice(0, 260)}`,
      );
      if (kind === 'failed') failed.push(`${fault satisfies Fault} in ${activity}: ${detail}`);
    } finally {
      await browser.close();
    }
  }
  expect(failed).toEqual([]);
});
