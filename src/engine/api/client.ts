// The engine as the page sees it: a proxy whose every method is a message to the worker that owns the GPU.
// Inputs that can be transferred are (the caller loses its buffer); errors come back as RemedyErrors.
import { ReportedError, RemedyError } from '../../lib/errors';
import { CALL_NAMES, transferables, type CallName, type Reply, type Request } from './protocol';
import type { Calls, Engine, EngineEvent } from './types';

/** The worker died or could not start; everything it held is gone. */
export class EngineCrashed extends RemedyError {
  override readonly name = 'EngineCrashed';
  constructor(detail: string) {
    super(
      `The computing thread stopped: ${detail}.`,
      'Reload the page; your settings are kept in the address.',
    );
  }
}

/** The engine was closed while it was working on this call. */
export class EngineClosed extends RemedyError {
  override readonly name = 'EngineClosed';
  constructor() {
    super('The engine was closed before it could answer.', 'Start the engine again.');
  }
}

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
  onerror?: ((event: ErrorEvent) => void) | null;
  terminate?(): void;
};

/** Builds the proxy over any port. */
export function connect(port: Port): Engine {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(event: EngineEvent) => void>();
  let nextId = 0;
  let crash: EngineCrashed | null = null;

  port.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ('event' in data) listeners.forEach((listener) => listener(data.event));
    else settle(pending, data);
  };
  port.onerror = (event) => {
    crash = new EngineCrashed(event.message || 'it could not be loaded');
    rejectAll(crash);
  };

  // A queue that waits for an answer would wait for ever.
  function rejectAll(error: Error): void {
    pending.forEach(({ reject }) => reject(error));
    pending.clear();
  }

  function call<K extends CallName>(name: K, input: Calls[K]['in']): Promise<Calls[K]['out']> {
    if (crash) return Promise.reject(crash);
    return new Promise((resolve, reject) => {
      const request: Request<K> = { id: nextId++, call: name, input };
      pending.set(request.id, { resolve, reject });
      port.postMessage(request, transferables(input));
    });
  }

  const methods = Object.fromEntries(CALL_NAMES.map((name) => [name, (input: never) => call(name, input)]));
  return {
    ...(methods as unknown as Engine),
    open: (input) => call('open', { ...input, baseUrl: input.baseUrl ?? globalThis.document?.baseURI }),
    async close() {
      if (!crash) await call('close', undefined);
      port.terminate?.();
      rejectAll(new EngineClosed());
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function settle(pending: Map<number, Pending>, reply: Exclude<Reply, { event: EngineEvent }>): void {
  const waiting = pending.get(reply.id);
  pending.delete(reply.id);
  if (reply.ok) waiting?.resolve(reply.output as never);
  else waiting?.reject(new ReportedError(reply.error));
}
