// The estimate of a training's memory beside what the ledger counts, and what is said where there is too little.
import { afterEach, describe, expect, it, vi } from 'vitest';
import ledger from '../../../bench/ledger.json';
import { presetParams } from '../../settings/presets';
import type { Computer } from '../adapter/gpuSession';
import { browserMemory, ceilingsOf, type Ceiling } from '../adapter/memoryRoom';
import { memoryNeed, memoryProblem } from './memoryNeed';

const GPU = { batch: 16, wasm: false };
const PROCESSOR = { batch: 4, wasm: true };
const GIB = 2 ** 30;
const WEBASSEMBLY: Ceiling = { bytes: 4 * GIB, sure: true, of: 'all', where: 'WebAssembly' };

const computer = (software: boolean, maxBufferSize: number) =>
  ({
    device: { limits: { maxBufferSize, maxStorageBufferBindingSize: maxBufferSize } },
    software,
  }) as Computer;

describe('the memory a training takes', () => {
  it.each(Object.keys(ledger) as (keyof typeof ledger)[])(
    'is estimated for %s to a fifth of what is counted',
    (preset) => {
      const { 'stage 2 step': step, 'features of 16': features } = ledger[preset];
      const { all } = memoryNeed(presetParams(preset), GPU)!;
      const counted = Math.max(step.peakBytes, features.peakBytes);
      expect(all / counted).toBeGreaterThan(0.8);
      expect(all / counted).toBeLessThan(1.25);
    },
  );

  it('is more on the processor, and unknown for what trains on pixels or on an unknown network', () => {
    const paper = presetParams('paper');
    expect(memoryNeed(paper, PROCESSOR)!.all).toBeGreaterThan(memoryNeed(paper, GPU)!.all);
    expect(memoryNeed({ ...paper, method: 'riad' }, GPU)).toBeNull();
    expect(memoryNeed({ ...paper, backbone: 'none_such' }, GPU)).toBeNull();
  });

  it('grows with what takes it: batch, size, blocks, patches to choose from', () => {
    const base = presetParams('balanced');
    const all = (change: object) => memoryNeed({ ...base, ...change }, GPU)!.all;
    expect(all({ batch: 2 * base.batch })).toBeGreaterThan(all({}));
    expect(all({ inputSize: 512 })).toBeGreaterThan(all({}));
    expect(all({ blocks: 8 })).toBeGreaterThan(all({}));
    const patches = { method: 'patchcore', coresetPool: 4_000_000 };
    expect(all(patches)).toBeGreaterThan(all({ ...patches, coresetPool: 40_000 }));
  });
});

describe('too little memory', () => {
  it('is said with the preset that fits, and refused where it is sure', () => {
    const { error, sure } = memoryProblem(presetParams('paper'), [WEBASSEMBLY], PROCESSOR)!;
    expect(sure).toBe(true);
    expect(error.message).toMatch(/takes about [6-9]\.\d GB; there is room for 4\.3 GB in WebAssembly/);
    expect(error.remedy).toContain('Choose the preset Balanced, which fits');
  });

  it('names the smallest preset where little fits, and none where nothing does', () => {
    const within = (bytes: number) =>
      memoryProblem(presetParams('paper'), [{ ...WEBASSEMBLY, bytes, sure: false }], PROCESSOR)!;
    expect(within(2 ** 28)).toMatchObject({
      sure: false,
      error: { remedy: expect.stringContaining('preset Demo') },
    });
    expect(within(2 ** 20).error.remedy).not.toContain('preset');
  });

  it('is no matter where everything fits', () => {
    expect(memoryProblem(presetParams('demo'), [WEBASSEMBLY], PROCESSOR)).toBeNull();
    expect(memoryProblem(presetParams('paper'), [], GPU)).toBeNull();
  });

  it('puts what is sure before what is guessed', () => {
    const guess: Ceiling = { bytes: GIB, sure: false, of: 'all', where: 'this machine now' };
    expect(memoryProblem(presetParams('paper'), [guess, WEBASSEMBLY], PROCESSOR)).toMatchObject({
      sure: true,
    });
  });
});

describe('the room there is', () => {
  const unknown = { free: null, total: null };
  afterEach(() => vi.unstubAllGlobals());

  it('is, on a graphics adapter, its largest buffer for sure, and four of them for a guess', () => {
    expect(ceilingsOf(computer(false, GIB), { free: 1, total: 1 })).toMatchObject([
      { bytes: GIB, sure: true, of: 'tensor' },
      { bytes: 4 * GIB, sure: false, of: 'all' },
    ]);
  });

  it('is the machine’s own where the processor does the work of an adapter', () => {
    expect(ceilingsOf(computer(true, GIB), { free: 3, total: 5 })).toMatchObject([
      { of: 'tensor' },
      { bytes: 5, sure: true },
      { bytes: 3, sure: false },
    ]);
    expect(ceilingsOf({ device: null, software: true } as Computer, unknown)).toEqual([]);
  });

  it('is half of what a browser says, unless that says "eight or more", or nothing', () => {
    const told = (deviceMemory?: number) => {
      vi.stubGlobal('navigator', { deviceMemory });
      return browserMemory().free;
    };
    expect([told(4), told(8), told()]).toEqual([2 * GIB, null, null]);
  });
});
