import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tf } from '../../../lib/gpu/tf';
import { costOf } from './costs';
import { CountingDevice } from './countingDevice';
import { differences, ledgerTable, ledgerText, takeLedger, type Ledger } from './ledger';
import { secondsOn } from './roofline';
import { LEDGER_FILE } from './command';

const kept = async () =>
  JSON.parse(await readFile(resolve(import.meta.dirname, '../../../..', LEDGER_FILE), 'utf8')) as Ledger;

describe('the ledger', () => {
  // The larger presets are counted by `npm run bench -- ledger`.
  it('has not risen for the small presets', async () => {
    const now = await takeLedger(['demo', 'balanced']);
    expect(tf.getBackend()).not.toBe('webgpu');
    expect(differences(await kept(), now).risen, 'meant? npm run bench -- ledger --write').toEqual([]);
  });

  it('is kept as it is written, and shown whole', async () => {
    const ledger = await kept();
    expect(JSON.parse(ledgerText(ledger))).toEqual(ledger);
    const table = ledgerTable(ledger).join('\n');
    expect(table).toMatch(/paper, stage 2 step +\d+/);
    expect(table).not.toMatch(/undefined|NaN/);
  });

  it('tells what rose from what fell', () => {
    const before: Ledger = { demo: { 'live update': { dispatches: 5, submits: 2 } } };
    const after: Ledger = {
      demo: { 'live update': { dispatches: 6, submits: 1 }, 'camera frame': { dispatches: 1 } },
    };
    expect(differences(before, after)).toEqual({
      risen: ['demo, live update, dispatches: 5 -> 6', 'demo, camera frame: not in the file'],
      fallen: ['demo, live update, submits: 2 -> 1'],
    });
  });
});

const SHADER = `
  struct Sizes { rows : u32, columns : u32, inner : u32, shape : vec3<i32>, factor : f32 } // members
  @group(0) @binding(0) var<storage, read> a : array<f32>;
  @group(0) @binding(1) var<storage, read_write> c : array<f32>;
  @group(0) @binding(2) var<uniform> sizes : Sizes;`;

describe('the counting device', () => {
  it('reads uniforms where the shader has them, and counts a buffer bound twice once', async () => {
    const counting = new CountingDevice();
    await counting.pretend(async () => {
      const { device } = counting.gpu;
      const buffer = (size: number, usage: number) => device.createBuffer({ size, usage });
      const [a, c] = [buffer(64, GPUBufferUsage.STORAGE), buffer(256, GPUBufferUsage.STORAGE)];
      const sizes = buffer(48, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
      device.queue.writeBuffer(sizes, 0, new Uint32Array([2, 3, 5, 0, 7, 8, 9]));
      device.queue.writeBuffer(sizes, 28, new Float32Array([0, 0.5]), 1);
      const module = device.createShaderModule({ code: SHADER });
      const pipeline = device.createComputePipeline({
        label: 'matrix_product',
        layout: 'auto',
        compute: { module },
      });
      const bind = (resources: GPUBindingResource[]) =>
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: resources.map((resource, binding) => ({ binding, resource })),
        });
      const pass = device.createCommandEncoder().beginComputePass();
      pass.setPipeline(pipeline);
      for (const output of [c, a]) {
        pass.setBindGroup(0, bind([{ buffer: a }, { buffer: output }, { buffer: sizes }]));
        pass.dispatchWorkgroups(4, 2);
      }
      a.destroy();
      a.destroy();
    });
    const [first, second] = counting.dispatches;
    expect(first).toEqual({
      shader: 'matrix_product',
      bindings: [
        { name: 'a', written: false, bytes: 64 },
        { name: 'c', written: true, bytes: 256 },
      ],
      uniforms: { rows: [2], columns: [3], inner: [5], shape: [7, 8, 9], factor: [0.5] },
      constants: {},
      workgroups: [4, 2, 1],
    });
    expect(second!.bindings).toHaveLength(1);
    expect(costOf(first!)).toEqual({ flops: 60, bytes: 320 });
    expect(counting.counts).toMatchObject({ dispatches: 2, buffers: 3, writes: 2, passes: 1, pipelines: 1 });
    expect(counting.peakBytes).toBe(368);
    expect(counting.residentBytes).toBe(304);
    expect('GPUBuffer' in globalThis).toBe(false);
  });
});

describe('the roofline', () => {
  it('takes the longest of computing, moving and starting', () => {
    const roof = { name: '', peak: 1e12, bandwidth: 1e9 };
    const costs = [
      { flops: 0.45e12, bytes: 0 },
      { flops: 0, bytes: 0.7e9 },
      { flops: 1, bytes: 1 },
    ];
    expect(secondsOn(roof, costs)).toBeCloseTo(2 + 4e-6, 9);
  });
});
