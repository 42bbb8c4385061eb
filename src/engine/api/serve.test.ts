import { afterEach, describe, expect, it, vi } from 'vitest';
import { RemedyError } from '../../lib/errors';
import { connect, type Port } from './client';
import { holdLifeline, watchLifeline } from './lifeline';
import { serve, type ServePort } from './serve';
import type { Engine, EngineEvent } from './types';

class NoLuck extends RemedyError {
  override readonly name = 'NoLuck';
}

function fakeEngine(overrides: Partial<Engine>) {
  let listener: (event: EngineEvent) => void = () => undefined;
  const engine = {
    ...overrides,
    subscribe: (l: typeof listener) => ((listener = l), () => undefined),
  } as Engine;
  return { engine, emit: (event: EngineEvent) => listener(event) };
}

const channels: MessageChannel[] = [];
function channel(engine: Engine): Engine {
  const pair = new MessageChannel();
  channels.push(pair);
  serve(engine, pair.port2 as unknown as ServePort);
  return connect(pair.port1 as unknown as Port);
}
afterEach(() => channels.splice(0).forEach(({ port1, port2 }) => (port1.close(), port2.close())));

describe('the worker protocol', () => {
  it('carries inputs, outputs and large buffers without copying them', async () => {
    const { engine } = fakeEngine({
      readMap: ({ image }) => Promise.resolve({ width: image.length, height: 1, values: Float32Array.of(7) }),
      loadModel: (bytes) => Promise.resolve(void expect(bytes.byteLength).toBe(16)),
    });
    const client = channel(engine);
    expect(await client.readMap({ image: 'abc', map: 'fused', smooth: 'none', refine: true })).toEqual({
      width: 3,
      height: 1,
      values: Float32Array.of(7),
    });
    const model = new ArrayBuffer(16);
    await client.loadModel(model);
    expect(model.byteLength, 'transferred away').toBe(0);
  });

  it('brings errors across with their name and remedy', async () => {
    const { engine } = fakeEngine({ train: () => Promise.reject(new NoLuck('It failed.', 'Try again.')) });
    await expect(channel(engine).train()).rejects.toMatchObject({
      name: 'NoLuck',
      message: 'It failed.',
      remedy: 'Try again.',
    });
  });

  it('refuses a call that is not in the table', async () => {
    const client = channel(fakeEngine({}).engine) as unknown as Record<
      string,
      (input: unknown) => Promise<void>
    >;
    expect(client['explode']).toBeUndefined();
    await expect(client['memory']!(undefined)).rejects.toMatchObject({ name: 'Unexpected' });
  });

  it('fails what is still unanswered when it is closed', async () => {
    const { engine } = fakeEngine({ show: () => new Promise(() => undefined), close: async () => undefined });
    const client = channel(engine);
    const unanswered = client.show({} as Parameters<Engine['show']>[0]);
    const closed = client.close();
    await expect(unanswered).rejects.toMatchObject({ name: 'EngineClosed' });
    await closed;
  });

  it('delivers events to every listener until it unsubscribes', async () => {
    const { engine, emit } = fakeEngine({ memory: () => Promise.resolve({ gpuBytes: 0, tensors: 0 }) });
    const client = channel(engine);
    const seen: string[] = [];
    const stop = client.subscribe((event) => seen.push(event.kind));
    emit({ kind: 'scored', done: 1, total: 2 });
    await client.memory();
    stop();
    emit({ kind: 'scored', done: 2, total: 2 });
    await client.memory();
    expect(seen).toEqual(['scored']);
  });

  describe('with a thread that ends or falls silent', () => {
    /** A client whose thread says only what the test lets it say. */
    function quiet(everyMs?: number) {
      const sent: { id: number; call: string }[] = [];
      const ended: (() => void)[] = [];
      const port: Port = { postMessage: (message: never) => void sent.push(message), onmessage: null };
      const client = connect(port, {
        watch: (_, onEnd) => void ended.push(onEnd),
        ...(everyMs !== undefined && { everyMs }),
      });
      const seen: EngineEvent[] = [];
      client.subscribe((event) => seen.push(event));
      const hear = (data: unknown) => port.onmessage!({ data } as MessageEvent);
      return { client, port, sent, seen, hear, end: () => ended.forEach((tell) => tell()) };
    }
    const LOST = { name: 'EngineLost' };

    it('fails what waits and what comes, whatever the call, and says so once', async () => {
      const { client, seen, hear, end } = quiet();
      hear({ lifeline: 'a' });
      const waiting = [client.memory(), client.train(), client.features()];
      end();
      end();
      for (const call of waiting) await expect(call).rejects.toMatchObject(LOST);
      await expect(client.memory()).rejects.toMatchObject(LOST);
      await expect(client.close()).resolves.toBeUndefined();
      expect(seen).toEqual([{ kind: 'lost', reason: 'its thread has ended', recovered: false, recent: 0 }]);
    });

    it('takes an error before the first word for a thread that could not be loaded', async () => {
      const { client, port } = quiet();
      const waiting = client.memory();
      port.onerror!({ message: 'out of memory' } as ErrorEvent);
      await expect(waiting).rejects.toMatchObject(LOST);
      await expect(waiting).rejects.toThrow(/out of memory/);
    });

    it('takes an error after that for what it is: the thread lives on', async () => {
      const { client, port, seen, hear } = quiet();
      const waiting = client.memory();
      hear({ lifeline: 'a' });
      port.onerror!({ message: 'a callback threw' } as ErrorEvent);
      hear({ id: 0, ok: true, output: { gpuBytes: 0, tensors: 1 } });
      await expect(waiting).resolves.toMatchObject({ tensors: 1 });
      expect(seen).toMatchObject([{ kind: 'notice', error: { message: 'a callback threw' } }]);
    });

    it('gives up when an answer cannot be read: whose it was, nobody knows', async () => {
      const { client, port } = quiet();
      const waiting = client.memory();
      port.onmessageerror!({} as MessageEvent);
      await expect(waiting).rejects.toMatchObject(LOST);
    });

    it('never takes silence for death, and takes it back at the first word', async () => {
      vi.useFakeTimers();
      try {
        const { client, seen, sent, hear } = quiet(1000);
        const waiting = client.memory();
        vi.advanceTimersByTime(6000);
        expect(seen).toEqual([]);
        vi.advanceTimersByTime(60_000);
        expect(seen).toEqual([{ kind: 'silence', silent: true }]);
        expect(sent.filter(({ call }) => call === 'pulse')).toHaveLength(1);
        hear({ id: 0, ok: true, output: { gpuBytes: 0, tensors: 1 } });
        await expect(waiting).resolves.toMatchObject({ tensors: 1 });
        expect(seen.at(-1)).toEqual({ kind: 'silence', silent: false });
      } finally {
        vi.useRealTimers();
      }
    });

    it('is asked by its pulse past everything that waits for the GPU', async () => {
      const { engine } = fakeEngine({ show: () => new Promise(() => undefined) });
      const pair = new MessageChannel();
      channels.push(pair);
      serve(engine, pair.port2 as unknown as ServePort);
      const answers: unknown[] = [];
      pair.port1.onmessage = ({ data }) => void answers.push(data);
      pair.port1.postMessage({ id: 0, call: 'show', input: {} });
      pair.port1.postMessage({ id: 1, call: 'pulse' });
      await vi.waitFor(() => expect(answers).toEqual([{ id: 1, ok: true, output: undefined }]));
    });
  });
});

describe('the lifeline', () => {
  it('is cut when, and only when, the thread that holds it is gone', async () => {
    const queue: (() => unknown)[] = [];
    let held = false;
    const request = (_: string, granted: () => unknown) => {
      if (held) queue.push(granted);
      else granted();
      held = true;
      return Promise.resolve();
    };
    const locks = { request } as unknown as Pick<LockManager, 'request'>;
    let name = '';
    holdLifeline((told) => (name = told), locks);
    expect(name).toMatch(/^grad-playground:engine:/);
    const onEnd = vi.fn();
    watchLifeline(name, onEnd, locks);
    expect(onEnd).not.toHaveBeenCalled();
    queue.forEach((granted) => granted());
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('is done without where locks are refused', () => {
    const request = () => {
      throw new DOMException('refused', 'SecurityError');
    };
    const tell = vi.fn();
    holdLifeline(tell, { request } as unknown as LockManager);
    expect(tell).not.toHaveBeenCalled();
  });
});
