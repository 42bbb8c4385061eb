// The worker's side of the protocol: runs requests on an engine and posts answers and events. It knows no GPU,
// so tests drive it with a fake engine over a MessageChannel.
import { toReport } from '../../lib/errors';
import { CALL_NAMES, PULSE, transferables, type PulseRequest, type Reply, type Request } from './protocol';
import type { Engine } from './types';

/** What answers are posted to: the worker's global scope, or a test's port. */
export interface ServePort {
  postMessage(message: Reply, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Serves `engine` on `port` until the thread ends. Any throw becomes an answer; none is lost. */
export function serve(engine: Engine, port: ServePort): void {
  const post = (reply: Reply) => port.postMessage(reply, transferables(reply));
  engine.subscribe((event) => post({ event }));
  port.onmessage = ({ data }: MessageEvent<Request | PulseRequest>) => {
    if (data.call === PULSE) post({ id: data.id, ok: true, output: undefined });
    else void answer(engine, data).then(post);
  };
}

async function answer(engine: Engine, { id, call, input }: Request): Promise<Reply> {
  try {
    if (!CALL_NAMES.includes(call)) throw new TypeError(`The engine has no call "${String(call)}"`);
    const method = engine[call] as (input: unknown) => Promise<never>;
    return { id, ok: true, output: await method.call(engine, input) };
  } catch (error) {
    return { id, ok: false, error: toReport(error) };
  }
}
