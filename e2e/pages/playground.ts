// The page as a test sees it: every locator and gesture in one place, named by what a person does.
import { expect, type Locator, type Page } from '@playwright/test';

/** The software adapter shares two cores with everything else. */
const ENGINE_MS = 90_000;

export class Playground {
  readonly verdict: Locator;
  readonly status: Locator;
  readonly imageAuroc: Locator;
  readonly liveOverlay: Locator;
  readonly storedOverlay: Locator;
  readonly banner: Locator;
  readonly messages: Locator;
  readonly refused: Locator;
  readonly handle: Locator;
  readonly memoryLine: Locator;
  /** The chip; its name says preset, backbone and method. */
  readonly model: Locator;
  /** Anything the browser's console complained about, and requests to other hosts. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    this.verdict = page.getByTestId('verdict');
    this.status = page.getByTestId('training-status');
    this.imageAuroc = page.getByTestId('image-auroc');
    this.liveOverlay = page.getByTestId('live-overlay');
    this.storedOverlay = page.getByTestId('stored-overlay');
    this.banner = page.getByRole('alert');
    this.messages = page.getByRole('region', { name: 'Messages' });
    this.refused = page.getByRole('list', { name: 'Refused files, one line each' });
    this.handle = page.getByRole('button', { name: /^Pasted block/ });
    this.memoryLine = page.locator('.engine-line');
    this.model = page.getByRole('button', { name: /^Model: / });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && hostname !== 'localhost') this.complaints.push(request.url());
    });
  }

  /** Opens the page; `hash` is a shared link's part after `#`. */
  async open(hash = ''): Promise<void> {
    await this.page.goto(hash ? `./#${hash}` : './');
  }

  /**
   * From now on bundled sets come with a dozen of their images: a software adapter takes most of a short training's
   * time for the features of the others. @param good how many normal test images
   */
  async fewImages(good = 3): Promise<void> {
    await this.page.route('**/demo/*/index.json', async (route) => {
      const response = await route.fetch();
      const set = (await response.json()) as { images: { split: string; label: number }[] };
      const of = (split: string, label: number, count: number) =>
        set.images.filter((image) => image.split === split && image.label === label).slice(0, count);
      await route.fulfill({
        response,
        json: { ...set, images: [...of('train', 0, 6), ...of('test', 0, good), ...of('test', 1, 3)] },
      });
    });
  }

  /** Waits until maps answer live. */
  async live(): Promise<void> {
    await expect(this.liveOverlay).toBeVisible({ timeout: ENGINE_MS });
  }

  /** The image score on screen. */
  async score(): Promise<number> {
    const text = await this.verdict.innerText();
    return Number(/score\s+(-?[\d.]+)/.exec(text)?.[1] ?? NaN);
  }

  async train(): Promise<void> {
    await this.page.getByTitle('Train (space)').click();
  }

  async trained(): Promise<void> {
    await expect(this.status).toContainText('Trained in', { timeout: 180_000 });
  }

  /**
   * Waits until figures of the model at work are all there: score and threshold come one after the other, and while a
   * run ends those before it still stand.
   */
  async judged(): Promise<void> {
    await expect(this.verdict).toContainText('threshold', { timeout: ENGINE_MS });
  }

  /** Chooses in the panel behind the chip that names preset, backbone and method. */
  async choose(what: 'Preset' | 'Backbone' | 'Method', value: string): Promise<void> {
    await this.model.click();
    await this.page
      .getByRole('dialog', { name: 'Model' })
      .getByLabel(what, { exact: true })
      .selectOption(value);
    // Not by Escape: a dialog that has opened meanwhile, and has closed the panel, would take it.
    await this.page.evaluate(() =>
      document.querySelector<HTMLElement>('.model-panel:popover-open')?.hidePopover(),
    );
  }

  /** The backbone that is chosen, as the chip says. */
  async backbone(): Promise<string> {
    const parts = ((await this.model.getAttribute('aria-label')) ?? '').split(', ');
    return parts[1] ?? '';
  }

  /** Opens the dock's curves and details, among them what the engine computes on. */
  async openDetails(): Promise<void> {
    const fold = this.page.getByRole('button', { name: 'Details' });
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  }

  pasteSwitch(): Locator {
    return this.page.getByRole('switch', { name: 'Paste a block' });
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name });
  }

  /** Title of one side of the set, with its count. */
  heading(side: 'Train' | 'Test'): Locator {
    return this.page.getByRole('heading', { name: new RegExp(`^${side} `) });
  }

  /** Gives a whole folder to the training side's button. */
  async addFolder(path: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Add a folder of normal images' }).click();
    await (await chooser).setFiles(path);
  }

  /** Drags a folder from the desktop onto the page: only the browser itself can make such a drop. */
  async dropFolder(path: string): Promise<void> {
    // Before the page listens, a drop is lost.
    await expect(this.heading('Train')).toBeVisible();
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    // Twice over: the first makes the targets appear, the second is accepted by one of them.
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
  }

  /** Gives files to the drop zone's button. */
  async addFiles(files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Drop or add your own images' }).click();
    await (await chooser).setFiles(files);
  }
}
