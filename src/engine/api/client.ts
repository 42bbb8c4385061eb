// The engine as the page sees it: a proxy whose every method is a message to the worker that owns the GPU.
// Inputs that can be transferred are (the caller loses its buffer); errors come back as RemedyErrors. When the worker
// ends, every call, under way or to come, throws EngineLost.
import { ReportedError, toReport } from '../../lib/errors';
import { EngineClosed, EngineLost } from './errors';
import { watchLifeline } from './lifeline';
import { CALL_NAMES, PULSE, transferables, type CallName, type Reply, type Request } from './protocol';
import { Pulse, type PulseOptions } from './pulse';
import type { Calls, Engine, EngineEvent } from './types';

interface Pending {
  resolve(output: never): void;
  reject(error: Error): void;
}

/** Starts the worker and returns its proxy. The GPU libraries load in the worker, not in the page. */
export function createEngineClient(): Engine {
  return connect(new Worker(new URL('../worker.ts', import.meta.url), { type: 'module', name: 'engine' }));
}

/** The part of a Worker that the client needs; tests pass one end of a MessageChannel. */
export type Port = Pick<Worker, 'postMessage'> & {
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror?: ((event: MessageEvent) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  terminate?(): void;
};

export interface ConnectOptions extends Pick<PulseOptions, 'everyMs'> {
  /** Calls back when the thread that holds a lock is gone. Default: by `navigator.locks`. */
  watch?: typeof watchLifeline;
}

/** A worker that is told to close has this long for its last word; then it is ended. */
const CLOSING_MS = 3_000;

/** Builds the proxy over any port. */
export function connect(port: Port, options: ConnectOptions = {}): Engine {
  return new Client(port, options).engine;
}

class Client {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #pulse: Pulse;
  #nextId = 0;
  /** Why no call is answered any more. */
  #over: EngineLost | EngineClosed | null = null;
  #spoke = false;

  constructor(port: Port, { watch = watchLifeline, everyMs }: ConnectOptions) {
    this.#port = port;
    this.#pulse = new Pulse({
      ask: () => this.#post({ id: this.#nextId++, call: PULSE }),
      onSilence: (silent) => this.#tell({ kind: 'silence', silent }),
      ...(everyMs !== undefined && { everyMs }),
    });
    port.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.#spoke = true;
      this.#pulse.heard();
      if ('event' in data) this.#tell(data.event);
      else if ('lifeline' in data) watch(data.lifeline, () => this.#lose('its thread has ended'));
      else this.#settle(data);
    };
    port.onmessageerror = () => this.#lose('an answer could not be read');
    port.onerror = (event) => this.#failed(event.message);
  }

  get engine(): Engine {
    const methods = CALL_NAMES.map((name) => [name, (input: never) => this.#call(name, input)]);
    return {
      ...(Object.fromEntries(methods) as unknown as Engine),
      open: (input) =>
        this.#call('open', { ...input, baseUrl: input.baseUrl ?? globalThis.document?.baseURI }),
      close: () => this.#close(),
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #call<K extends CallName>(name: K, input: Calls[K]['in']): Promise<Calls[K]['out']> {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const request: Request<K> = { id: this.#nextId++, call: name, input };
      // Refused messages (a buffer that was handed over before) reject this promise and wait for nothing.
      this.#post(request, transferables(input));
      this.#pending.set(request.id, { resolve, reject });
    });
  }

  #post(message: unknown, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #settle(reply: Extract<Reply, { id: number }>): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.output as never);
    else waiting?.reject(new ReportedError(reply.error));
  }

  #tell(event: EngineEvent): void {
    this.#listeners.forEach((listener) => listener(event));
  }

  /** A worker that has spoken lives on after an error that nobody caught; one that has not could not be loaded. */
  #failed(message: string): void {
    if (!this.#spoke) this.#lose(message || 'it could not be loaded');
    else this.#tell({ kind: 'notice', error: toReport(new Error(message)) });
  }

  #lose(reason: string): void {
    if (this.#over) return;
    this.#end(new EngineLost(reason));
    this.#tell({ kind: 'lost', reason, recovered: false, recent: 0 });
  }

  /** A queue that waits for an answer would wait for ever. */
  #end(why: EngineLost | EngineClosed): void {
    this.#over = why;
    this.#pulse.stop();
    this.#port.terminate?.();
    this.#pending.forEach(({ reject }) => reject(why));
    this.#pending.clear();
  }

  async #close(): Promise<void> {
    if (this.#over) return;
    let late: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => (late = setTimeout(resolve, CLOSING_MS)));
    await Promise.race([this.#call('close', undefined).catch(() => undefined), patience]);
    clearTimeout(late);
    if (!this.#over) this.#end(new EngineClosed());
  }
}
