// The Hub as the browser sees it, without a network: answers ranges of one file, or always with an error. Requests of
// the engine's worker pass through the context, not the page.
import type { BrowserContext, Route } from '@playwright/test';

const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Content-Range, Content-Length',
  etag: '"file"',
};
/** So that a person, or a test, can see the progress. */
const DELAY_MS = 300;

export class FakeHub {
  /** Paths asked for so far. */
  readonly requests: string[] = [];

  /** What every request is answered with, when it is not the file. */
  status = 206;
  /** No answer at all: an intercepted request does not hear that the browser is offline. */
  unplugged = false;

  private constructor(private readonly file: Buffer) {}

  static async start(context: BrowserContext, file: Uint8Array): Promise<FakeHub> {
    const hub = new FakeHub(Buffer.from(file));
    await context.route('https://huggingface.co/**', (route) => hub.#answer(route));
    return hub;
  }

  async #answer(route: Route): Promise<void> {
    this.requests.push(new URL(route.request().url()).pathname);
    if (this.unplugged) return route.abort('internetdisconnected');
    const range = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers()['range'] ?? '');
    if (this.status !== 206 || !range) return route.fulfill({ status: this.status, headers: HEADERS });
    const size = this.file.byteLength;
    const [begin, end] = [Number(range[1]), Math.min(Number(range[2]) + 1, size)];
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
    if (this.unplugged) return route.abort('internetdisconnected');
    const headers = { ...HEADERS, 'content-range': `bytes ${begin}-${end - 1}/${size}` };
    return route.fulfill({ status: 206, headers, body: this.file.subarray(begin, end) });
  }
}
