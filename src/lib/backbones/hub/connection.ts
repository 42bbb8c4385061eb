// One HTTP request and its body. Every failure becomes either a final error or one that is worth another try
// (retry.ts); a connection that falls silent counts as cut.
import { RemedyError } from '../../errors';
import { ConnectionCut, HubBusy, HubForbidden, HubNotFound, HubUnreachable, Offline, WrongRange } from './errors'; // prettier-ignore
import type { GrowingBuffer } from './growingBuffer';
import { PATIENT, Transient, type RetryPolicy } from './retry';

export interface TransferOptions {
  fetch?: typeof fetch;
  /** Aborting it ends the transfer; its reason is thrown. */
  signal?: AbortSignal;
  retry?: RetryPolicy;
  /** Hears of every chunk as it arrives, in bytes. */
  onBytes?(count: number): void;
}

export class Connection {
  readonly #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly options: TransferOptions,
  ) {}

  /** @param range value of the Range header. @throws Transient or a final error for anything but 200 and 206. */
  async open(range: string): Promise<Response> {
    const { fetch: request = fetch, signal } = this.options;
    const either = signal ? AbortSignal.any([signal, this.#silence.signal]) : this.#silence.signal;
    let response: Response;
    this.#expectSomething();
    try {
      // The browser's own cache would keep pieces that ours keeps whole.
      response = await request(this.url, { headers: { range }, signal: either, cache: 'no-store' });
    } catch (cause) {
      throw new Transient(unreachable(this.url, cause));
    } finally {
      clearTimeout(this.#timer);
    }
    const failure = failureOf(this.url, range, response);
    if (failure) {
      await response.body?.cancel().catch(() => undefined);
      throw failure;
    }
    return response;
  }

  /**
   * Appends the body to `into` as it comes.
   * @param wanted its size in bytes, null when unknown. @throws Transient when it breaks off, WrongRange when it runs over.
   */
  async receive(response: Response, into: GrowingBuffer, wanted: number | null): Promise<void> {
    const start = into.length;
    const cut = (cause?: unknown) =>
      new Transient(new ConnectionCut(this.url, into.length - start, wanted ?? Infinity, { cause }));
    try {
      for await (const chunk of this.#chunks(response)) {
        if (wanted !== null && into.length - start + chunk.byteLength > wanted) {
          throw new WrongRange(this.url, `${wanted} bytes`, 'more than that');
        }
        into.append(chunk);
        this.options.onBytes?.(chunk.byteLength);
      }
    } catch (cause) {
      throw cause instanceof RemedyError ? cause : cut(cause);
    }
    if (wanted !== null && into.length - start < wanted) throw cut();
  }

  async *#chunks(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body!.getReader();
    try {
      for (;;) {
        this.#expectSomething();
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      clearTimeout(this.#timer);
      await reader.cancel().catch(() => undefined);
    }
  }

  #expectSomething(): void {
    const { stallMs } = this.options.retry ?? PATIENT;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silence.abort(new Error(`nothing came for ${stallMs} ms`)), stallMs);
  }
}

function failureOf(url: string, range: string, { status, headers }: Response): Error | null {
  if (status === 200 || status === 206) return null;
  if (status === 404) return new HubNotFound(url);
  if (status === 416) return new WrongRange(url, range, 'status 416');
  if (status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after'));
    return new Transient(new HubBusy(url, status), Number.isFinite(seconds) ? seconds * 1000 : 0);
  }
  return new HubForbidden(url, status);
}

const NO_NETWORK = ['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN'];

function unreachable(url: string, cause: unknown): Offline | HubUnreachable {
  const code = ((cause as Error).cause as { code?: string } | undefined)?.code ?? '';
  const offline = (globalThis.navigator as Partial<Navigator> | undefined)?.onLine === false;
  return offline || NO_NETWORK.includes(code)
    ? new Offline(url, { cause })
    : new HubUnreachable(url, { cause });
}
