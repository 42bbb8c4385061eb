// Faults and the activities they strike: how the chaos run (scripts/chaos.mjs, chaos.gpu.spec.ts) breaks the built page
// at some moment, does what the page then offers, and judges where it ends: as if nothing had happened, or at a named
// error with a remedy. Anything else is a failure.
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { PUBLISHED_ID, publishedFile } from '../../src/testing/publishedFile';
import { BREAK_STORAGE } from './brokenStorage';
import { FakeHub } from './fakeHub';
import { Playground } from './playground';
import { KEEP_DEVICES, openCalls, patchWorker, tellWorker } from './workerPatch';

/** Messages that the engine does not know break what they name. */
const BREAKER = `
  addEventListener('message', (event) => {
    if (event.data !== 'device' && event.data !== 'storage') return;
    event.stopImmediatePropagation();
    if (event.data === 'device') devices.at(-1)?.destroy();
    else { ${BREAK_STORAGE} }
  });`;

/** What computes in the page: WebGPU on a software adapter, or the processor, which takes less than half the time. */
export type Tier = 'gpu' | 'cpu';

export const FAULTS = ['device', 'gpu', 'worker', 'storage', 'network', 'quota', 'reload'] as const;
export type Fault = (typeof FAULTS)[number];
/** Those that strike nothing where the processor computes. */
export const GPU_FAULTS: readonly Fault[] = ['device', 'gpu'];
export const ACTIVITIES = ['live', 'training', 'comparison', 'chart', 'camera', 'download'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** What a round is judged by: equal to that of the undisturbed round, or a named error. */
export interface Outcome {
  kind: 'same' | 'named' | 'failed';
  /** Figures at the end, the error's words, or what was on screen. */
  detail: string;
  seconds: number;
}

/** A page whose engine can be broken. */
export class ChaosPage {
  readonly app: Playground;
  /** Errors that nobody caught. */
  readonly uncaught: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly hub: FakeHub,
  ) {
    this.app = new Playground(page);
    page.on('pageerror', ({ message }) => this.uncaught.push(message));
    page.on('dialog', (dialog) => void dialog.accept());
  }

  /** A bundled set comes with a dozen of its images, so that trainings are short. */
  static async open(browser: Browser, hash: string, tier: Tier = 'gpu'): Promise<ChaosPage> {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    const hub = await FakeHub.start(context, publishedFile());
    const page = await context.newPage();
    await patchWorker(page, tier === 'gpu' ? KEEP_DEVICES + BREAKER : BREAKER);
    const chaos = new ChaosPage(page, context, hub);
    await chaos.app.fewImages();
    await chaos.app.open(hash);
    await chaos.app.live();
    return chaos;
  }

  /** What is read, computed or scored at the start is no part of a round. */
  async quiet(): Promise<void> {
    for (let quiet = 0; quiet < 8; await pause(500)) {
      const busy = await this.page.getByRole('progressbar', { name: /Reading|features|Scoring/ }).count();
      quiet = busy > 0 ? 0 : quiet + 1;
    }
  }

  /** Waits until the engine has answered everything, a second in a row: what is on screen then is the end of what was asked. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 5; await pause(200)) quiet = (await openCalls(this.page)) > 0 ? 0 : quiet + 1;
  }

  async strike(fault: Fault): Promise<void> {
    const { page, context } = this;
    switch (fault) {
      case 'device':
        return tellWorker(page, 'device');
      case 'gpu': {
        const browser = await context.browser()!.newBrowserCDPSession();
        // The answer may be lost with the process.
        await Promise.race([browser.send('Browser.crashGpuProcess' as never), pause(2000)]).catch(
          () => undefined,
        );
        return;
      }
      case 'worker':
        return page.evaluate(() => (window as unknown as { engineWorker: Worker }).engineWorker.terminate());
      case 'storage':
        await tellWorker(page, 'storage');
        return page.evaluate(BREAK_STORAGE);
      case 'network':
        this.hub.unplugged = true;
        return context.setOffline(true);
      case 'quota': {
        const session = await context.newCDPSession(page);
        const { origin } = new URL(page.url());
        return void (await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 }));
      }
      case 'reload':
        return void (await page.reload());
    }
  }

  /** Presses whatever the page offers to go on with. */
  async mend(activity: Activity): Promise<void> {
    const { page } = this;
    const offers = [/^Resume training/, /^(Start|Try) again$/, /^Start the engine again$/, /^Measure again$/];
    if (activity === 'comparison') offers.push(/^Run 1 training$/);
    for (const name of offers) {
      const button = page.getByRole('button', { name }).first();
      if ((await button.isVisible()) && (await button.isEnabled())) {
        await button.click({ timeout: 2000 }).catch(() => undefined);
        return;
      }
    }
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

interface Course {
  hash: string;
  /** Milliseconds from its begin within which a fault strikes. */
  span: number;
  begin(chaos: ChaosPage): Promise<void>;
  /** What there is at the end; null while it is not reached. */
  reached(chaos: ChaosPage): Promise<string | null>;
  /** What is still to be done once the fault has struck. */
  after?(chaos: ChaosPage): Promise<void>;
  /** Where a page that was reloaded takes it up. */
  again?(chaos: ChaosPage): Promise<void>;
}

const SHORT = 'v=1&e1=1&e2=1&seed=5';
const digits = (text: string) =>
  text
    .match(/-?\d+\.\d+/g)
    ?.map((n) => Number(n).toFixed(1))
    .join(' ') ?? '';

/** The score and the figures on screen, once maps answer and nothing is stale. */
async function stage({ app, page }: ChaosPage): Promise<string | null> {
  if (!(await app.liveOverlay.isVisible())) return null;
  if (await page.locator('.metrics.old').count()) return null;
  const verdict = await app.verdict.innerText({ timeout: 2000 });
  return /threshold/.test(verdict) ? digits(verdict) : null;
}

const openCompare = async ({ page }: ChaosPage) => {
  await page.getByRole('button', { name: 'Compare' }).click();
  return page.getByRole('main', { name: 'Comparison' });
};

const COURSES: Record<Activity, Course> = {
  live: {
    hash: SHORT,
    span: 1500,
    async begin({ app, page }) {
      await app.pasteSwitch().check();
      await app.slider('Intensity').focus();
      for (let i = 0; i < 2; i++) await page.keyboard.press('PageUp');
    },
    // A picture that was there before the fault proves nothing.
    async after({ page }) {
      await page.keyboard.press('PageUp');
    },
    // Settings are in the address: a reload has them too.
    reached: stage,
  },
  training: {
    hash: SHORT,
    span: 4000,
    async begin({ app }) {
      await app.train();
    },
    async reached(chaos) {
      if (!/Trained in/.test(await chaos.app.status.innerText())) return null;
      return stage(chaos);
    },
  },
  comparison: {
    hash: 'v=1&e1=0&e2=1&pf=16',
    span: 4000,
    async begin(chaos) {
      const view = await openCompare(chaos);
      for (const method of [/^GRAD/, /^CRAD/, /^PatchCore/])
        await view.getByRole('checkbox', { name: method }).uncheck();
      await view.getByRole('button', { name: 'Run 1 training' }).click();
    },
    async reached({ page }) {
      const figure = page.getByRole('button', { name: /^PaDiM, image AUROC \d/ });
      return (await figure.isVisible()) ? figure.innerText() : null;
    },
    again: (chaos) => COURSES.comparison.begin(chaos),
  },
  chart: {
    hash: SHORT,
    span: 2500,
    async begin(chaos) {
      const view = await openCompare(chaos);
      await view.getByRole('tab', { name: 'Detectability' }).click();
    },
    async reached({ page }) {
      const cell = page.getByRole('button', { name: /^Blocks of 9 by 9 cells at/ });
      return (await cell.count()) > 0 ? (await cell.allInnerTexts()).join(' ') : null;
    },
    again: (chaos) => COURSES.chart.begin(chaos),
  },
  camera: {
    hash: SHORT,
    span: 2000,
    async begin({ page }) {
      await page.getByRole('button', { name: 'Camera', exact: true }).click();
      const camera = page.getByRole('dialog', { name: 'Camera' });
      await camera.getByRole('button', { name: 'Start the camera' }).click();
      await expect(camera.getByTestId('camera-verdict')).toBeVisible();
    },
    // The pretended camera shows the time: only that it is judged can be compared.
    async reached({ page }) {
      const verdict = page.getByTestId('camera-verdict');
      const first = await verdict.innerText({ timeout: 500 }).catch(() => '');
      return /score/.test(first) ? 'judged' : null;
    },
    again: (chaos) => COURSES.camera.begin(chaos),
  },
  download: {
    hash: SHORT,
    span: 1200,
    async begin({ app, page }) {
      await app.choose('Backbone', PUBLISHED_ID);
      const dialog = page.getByRole('dialog', { name: new RegExp(PUBLISHED_ID) });
      await dialog.getByRole('button', { name: /^Download( again)?$/ }).click();
    },
    async reached({ app, page }) {
      const dialog = page.getByRole('dialog', { name: new RegExp(PUBLISHED_ID) });
      if (await dialog.isVisible()) return null;
      return (await app.backbone()) === PUBLISHED_ID && (await page.getByText(/know these features/).count())
        ? 'in use'
        : null;
    },
    async again({ app, page }) {
      // The link names it already: the page asks for its weights by itself.
      const dialog = page.getByRole('dialog', { name: new RegExp(PUBLISHED_ID) });
      if ((await app.backbone()) !== PUBLISHED_ID) return COURSES.download.begin({ app, page } as ChaosPage);
      const button = dialog.getByRole('button', { name: /^Download( again)?$/ });
      await button.click({ timeout: 20_000 }).catch(() => undefined);
    },
  },
};

export const spanOf = (activity: Activity): number => COURSES[activity].span;

/** A named error on screen, with its words; raw words of the browser are no name. */
async function namedError({ page }: ChaosPage): Promise<string | null> {
  const alerts = page.locator('[role=alert]:visible, .notice.error:visible');
  for (const text of await alerts.allInnerTexts()) if (text.trim()) return text.replaceAll(/\s+/g, ' ');
  return null;
}

/** Words that only a program understands. */
const RAW = /mapAsync|unmapped|Instance dropped|undefined|TypeError|null \(|is not a function/;

/** What a course ends at without any fault. */
export async function undisturbed(browser: Browser, activity: Activity, tier: Tier): Promise<string> {
  const chaos = await ChaosPage.open(browser, COURSES[activity].hash, tier);
  try {
    await chaos.quiet();
    await COURSES[activity].begin(chaos);
    await COURSES[activity].after?.(chaos);
    // A camera's frames never end.
    if (activity !== 'camera') await chaos.settled();
    const outcome = await end(chaos, activity, null, 120_000);
    if (outcome.kind !== 'same') throw new Error(`${activity} without a fault: ${outcome.detail}`);
    return outcome.detail;
  } finally {
    await chaos.close();
  }
}

/**
 * One round: the activity begins, the fault strikes after `delay` milliseconds, and what the page offers is done until the
 * end is reached or the time is up.
 */
export async function round(
  browser: Browser,
  activity: Activity,
  fault: Fault,
  delay: number,
  { expected, tier, limit = 150_000 }: { expected: string; tier: Tier; limit?: number },
): Promise<Outcome> {
  const course = COURSES[activity];
  const chaos = await ChaosPage.open(browser, course.hash, tier);
  try {
    await chaos.quiet();
    const begun = course.begin(chaos).catch(() => undefined);
    await pause(delay);
    await chaos.strike(fault);
    if (fault === 'reload') await course.again?.(chaos).catch(() => undefined);
    else await begun;
    if (fault === 'reload' && course.after) await chaos.app.slider('Intensity').focus();
    await course.after?.(chaos);
    return await end(chaos, activity, expected, limit);
  } finally {
    await chaos.close();
  }
}

async function end(
  chaos: ChaosPage,
  activity: Activity,
  expected: string | null,
  limit: number,
): Promise<Outcome> {
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  let last = 'nothing reached';
  let same = 0;
  let before: string | null = null;
  while (since() * 1000 < limit) {
    const found = await COURSES[activity].reached(chaos).catch(() => null);
    if (found !== before) same = 0;
    before = found;
    if (found !== null && (expected === null || found === expected)) {
      // Some time in a row: what is on screen just after the fault may be from before it, or on its way to the end.
      if (++same >= 8) return judged(chaos, { kind: 'same', detail: found, seconds: since() });
    } else {
      same = 0;
      if (found !== null) last = `${found} instead of ${expected}`;
      await chaos.mend(activity);
    }
    await pause(250);
    if (since() > 60 && found === null) {
      const error = await namedError(chaos);
      if (error && !RAW.test(error)) return judged(chaos, { kind: 'named', detail: error, seconds: since() });
    }
  }
  const error = await namedError(chaos);
  const status = await chaos.app.status.innerText({ timeout: 1000 }).catch(() => '');
  return {
    kind: 'failed',
    detail: `${last}; "${status}"; ${error ?? 'no error on screen'}`,
    seconds: since(),
  };
}

/** Uncaught errors spoil any end. */
function judged(chaos: ChaosPage, outcome: Outcome): Outcome {
  const uncaught = chaos.uncaught;
  return uncaught.length === 0
    ? outcome
    : { ...outcome, kind: 'failed', detail: `uncaught: ${uncaught.join('; ')}` };
}
