// Losses of the device as the engine lives through them, with devices that only pretend.
import { describe, expect, it, vi } from 'vitest';
import type { Gpu } from '../../lib/gpu/device';
import { AdapterMissing, WebGpuMissing } from '../../lib/gpu/errors';
import { tf } from '../../lib/gpu/tf';
import { NoModel } from '../api/errors';
import { GpuSession, type GpuSessionOptions } from './gpuSession';

/** A session on pretended devices; waiting takes no time. @param offers what each attempt to open one gives */
function session(
  offers: (() => Gpu)[] = [],
  onReopened: GpuSessionOptions['onReopened'] = async (there) => there,
) {
  const devices: { lose(reason?: string): void }[] = [];
  const device = (): Gpu => {
    let lose!: (info: unknown) => void;
    const lost = new Promise((resolve) => (lose = resolve));
    devices.push({ lose: (message = 'reset') => lose({ message, reason: 'unknown' }) });
    return { device: { lost, destroy: () => lose({}) }, adapterInfo: {}, software: true } as unknown as Gpu;
  };
  const waits: number[] = [];
  const gpu = new GpuSession({
    onLost: () => undefined,
    onReopened,
    openDevice: async () => (offers.shift() ?? device)(),
    startProcessor: async () => false,
    wait: async (ms) => void (await new Promise((resolve) => setImmediate(resolve)), waits.push(ms)),
  });
  return {
    gpu,
    waits,
    lose: (reason?: string) => devices.at(-1)!.lose(reason),
    opened: () => devices.length,
  };
}

const refuse = () => {
  throw new AdapterMissing();
};
const RAW = new Error("Failed to execute 'mapAsync' on 'GPUBuffer': Buffer was unmapped");

describe('work that may be done twice', () => {
  it('is done again on the new device, whatever words it failed with', async () => {
    const { gpu, lose } = session();
    await gpu.open();
    const work = vi.fn(async () => {
      if (work.mock.calls.length > 1) return 'done';
      lose();
      throw RAW;
    });
    await expect(gpu.throughLosses(work)).resolves.toBe('done');
  });

  it('is done again when it came to an end on a device that was going', async () => {
    const { gpu, lose } = session();
    await gpu.open();
    let times = 0;
    const work = async () => {
      if (times++ === 0) {
        lose();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return times;
    };
    await expect(gpu.throughLosses(work)).resolves.toBe(2);
  });

  it('waits for a device that is on its way', async () => {
    const { gpu, lose, opened } = session();
    await gpu.open();
    lose();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(gpu.throughLosses(async () => gpu.gpu.software)).resolves.toBe(true);
    expect(opened()).toBe(2);
  });

  it('keeps its own error when there was no loss, and then waits for none', async () => {
    const { gpu, waits } = session();
    await gpu.open();
    await expect(gpu.throughLosses(() => Promise.reject(new NoModel()))).rejects.toThrow(NoModel);
    expect(waits).toEqual([]);
    await expect(gpu.throughLosses(() => Promise.reject(RAW))).rejects.toBe(RAW);
  });

  it('throws EngineLost when no device comes back, and from then on at once', async () => {
    const { gpu, lose, waits } = session([]);
    await gpu.open();
    const { gpu: other, lose: loseOther } = session([], async () => false);
    await other.open();
    loseOther('the driver was reset.');
    await expect(other.throughLosses(() => Promise.reject(RAW))).rejects.toThrow(
      'The computing engine was lost: the driver was reset.',
    );
    await expect(other.throughLosses(async () => 'never')).rejects.toMatchObject({ name: 'EngineLost' });
    lose();
    await expect(gpu.throughLosses(async () => waits.length)).resolves.toBeGreaterThanOrEqual(0);
  });
});

describe('a device that does not come at once', () => {
  it('is asked for again for some seconds: a crashed GPU process is not back yet', async () => {
    const { gpu, lose, waits } = session();
    await gpu.open();
    const slow = session([refuse, refuse, refuse]);
    await slow.gpu
      .open()
      .catch(() => slow.gpu.open())
      .catch(() => slow.gpu.open())
      .catch(() => slow.gpu.open());
    lose();
    await expect(gpu.throughLosses(async () => 'done')).resolves.toBe('done');
    expect(waits.filter((ms) => ms >= 250)).toEqual([]);
  });

  it('is given up after the last attempt, or at once where WebGPU itself is gone', async () => {
    const many = Array.from({ length: 20 }, () => refuse);
    const offers: (() => Gpu)[] = [];
    const { gpu, lose, waits } = session(offers);
    await gpu.open();
    offers.push(...many);
    lose();
    await expect(gpu.throughLosses(() => Promise.reject(RAW))).rejects.toMatchObject({ name: 'EngineLost' });
    expect(waits.filter((ms) => ms >= 250)).toEqual([250, 500, 1000, 2000, 4000]);
    const without: (() => Gpu)[] = [];
    const gone = session(without);
    await gone.gpu.open();
    without.push(() => {
      throw new WebGpuMissing();
    });
    gone.lose();
    await expect(gone.gpu.throughLosses(() => Promise.reject(RAW))).rejects.toMatchObject({
      name: 'EngineLost',
    });
    expect(gone.waits.filter((ms) => ms >= 250)).toEqual([]);
  });

  it('is not asked for without end: the sixth loss in ten minutes is the last', async () => {
    const { gpu, lose, opened } = session();
    await gpu.open();
    for (let i = 0; i < 5; i++) {
      lose();
      await expect(gpu.throughLosses(async () => 'done')).resolves.toBe('done');
    }
    lose();
    await expect(gpu.throughLosses(() => Promise.reject(RAW))).rejects.toMatchObject({ name: 'EngineLost' });
    expect(opened()).toBe(6);
  });
});

describe('work that cannot be repeated', () => {
  it('says that a loss ended it, and keeps its own error otherwise', async () => {
    const { gpu, lose } = session();
    await gpu.open();
    const cutOff = gpu.namingLosses(async () => {
      lose();
      throw RAW;
    });
    await expect(cutOff).rejects.toMatchObject({ name: 'EngineLost' });
    await expect(gpu.namingLosses(() => Promise.reject(RAW))).rejects.toBe(RAW);
    await expect(gpu.namingLosses(() => Promise.reject(new NoModel()))).rejects.toThrow(NoModel);
  });
});

describe('what to compute on', () => {
  const open = (options: Partial<GpuSessionOptions>) => {
    const startProcessor = vi.fn(async () => false);
    const common = { onLost: () => undefined, onReopened: async () => true, startProcessor };
    const opened = new GpuSession({ ...common, openDevice: async () => refuse(), ...options }).open();
    return { opened, startProcessor };
  };

  it('is no processor where a graphics adapter was asked for', async () => {
    const { opened, startProcessor } = open({ adapter: 'gpu' });
    await expect(opened).rejects.toThrow(AdapterMissing);
    expect(startProcessor).not.toHaveBeenCalled();
  });

  it('is the processor in plain loops where there is no WebAssembly either, which says both reasons', async () => {
    const before = tf.getBackend();
    const tier = await open({ adapter: 'auto' }).opened;
    expect(tier).toMatchObject({ device: null, adapterInfo: { description: 'Processor (plain loops)' } });
    expect('why' in tier && tier.why.map(({ name }) => name)).toEqual([
      'AdapterMissing',
      'WebAssemblyMissing',
    ]);
    const asked = await open({ adapter: 'cpu' }).opened;
    expect('why' in asked && asked.why.map(({ name }) => name)).toEqual(['WebAssemblyMissing']);
    expect(tf.getBackend()).toBe('cpu');
    await tf.setBackend(before ?? 'cpu');
  });

  it('hides no failure that says nothing of the adapter', async () => {
    const openDevice = async () => {
      throw RAW;
    };
    await expect(open({ adapter: 'auto', openDevice }).opened).rejects.toBe(RAW);
  });
});
