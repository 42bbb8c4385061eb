// One file on a web server, read by byte ranges: resumes where a connection broke, tries again with back-off, notices
// when the file changes meanwhile, and takes the whole file when the server ignores ranges. It knows nothing of what
// is in the file.
import { Connection, type TransferOptions } from './connection';
import { FileChanged, RangeIgnored, WrongRange } from './errors';
import { GrowingBuffer } from './growingBuffer';
import type { ByteRange } from './ranges';
import { PATIENT, sleep, Transient, waitBefore } from './retry';

/** Largest file taken whole. */
const MAX_WHOLE_BYTES = 1.5e9;

export class RemoteFile {
  /** Bytes of the whole file, once a response has told. */
  size: number | null = null;
  /** True as soon as it is clear that the server sends nothing but the whole file. */
  ignoresRanges = false;
  #whole: Uint8Array | null = null;
  #etag: string | null = null;

  constructor(
    readonly url: string,
    private readonly options: TransferOptions = {},
  ) {}

  /**
   * Bytes [begin, end); fewer when the file ends before.
   * @throws HubNotFound, HubForbidden, HubBusy, Offline, HubUnreachable, ConnectionCut, WrongRange, RangeIgnored,
   * FileChanged; what the signal was aborted with.
   */
  async read({ begin, end }: ByteRange): Promise<Uint8Array> {
    const { retry = PATIENT, signal } = this.options;
    const into = new GrowingBuffer(end - begin);
    for (let failures = 0; !this.#whole && !into.full;) {
      const before = into.length;
      try {
        await this.#request({ begin: begin + into.length, end }, into);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Transient)) throw error;
        failures = into.length > before ? 1 : failures + 1;
        if (failures >= retry.attempts) throw error.final;
        await sleep(waitBefore(failures, error, retry), signal);
      }
    }
    return this.#whole?.subarray(begin, end) ?? into.bytes();
  }

  /** One request, its bytes appended to `into`; or the whole file kept. */
  async #request(range: ByteRange, into: GrowingBuffer): Promise<void> {
    const asked = `bytes=${range.begin}-${range.end - 1}`;
    const connection = new Connection(this.url, this.options);
    const response = await connection.open(asked);
    this.#checkUnchanged(response);
    if (response.status === 200) {
      await this.#takeWhole(response, connection);
      return;
    }
    const answered = contentRange(response);
    if (answered?.begin !== range.begin || answered.end > range.end) {
      await response.body?.cancel();
      throw new WrongRange(this.url, asked, response.headers.get('content-range') ?? 'no Content-Range');
    }
    this.size ??= answered.size;
    const count = answered.end - answered.begin;
    into.expect(into.length + count);
    await connection.receive(response, into, count);
  }

  async #takeWhole(response: Response, connection: Connection): Promise<void> {
    const length = Number(response.headers.get('content-length') ?? 0);
    if (length > MAX_WHOLE_BYTES) {
      await response.body?.cancel();
      throw new RangeIgnored(this.url, length);
    }
    this.ignoresRanges = true;
    this.size = length || null;
    const all = new GrowingBuffer(length);
    await connection.receive(response, all, this.size);
    this.#whole = all.bytes();
    this.size = all.length;
  }

  /** Ranges of two different files must never be mixed. */
  #checkUnchanged(response: Response): void {
    const etag = response.headers.get('etag');
    if (this.#etag !== null && etag !== null && etag !== this.#etag) throw new FileChanged(this.url);
    this.#etag ??= etag;
  }
}

/** The range a 206 says it brings; null when it does not say. */
function contentRange(response: Response): (ByteRange & { size: number | null }) | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (!match) return null;
  return {
    begin: Number(match[1]),
    end: Number(match[2]) + 1,
    size: match[3] === '*' ? null : Number(match[3]),
  };
}
