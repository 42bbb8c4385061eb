import { afterEach, describe, expect, it } from 'vitest';
import { RemedyError } from '../../lib/errors';
import { connect, type Port } from './client';
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

  it('fails calls at once after the thread has died, and still closes', async () => {
    const port: Port = { postMessage: () => undefined, onmessage: null };
    const client = connect(port);
    const waiting = client.memory();
    port.onerror!({ message: 'out of memory' } as ErrorEvent);
    await expect(waiting).rejects.toMatchObject({ name: 'EngineCrashed' });
    await expect(client.memory()).rejects.toMatchObject({ name: 'EngineCrashed' });
    await expect(client.close()).resolves.toBeUndefined();
  });
});
