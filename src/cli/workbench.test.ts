import { describe, expect, it } from 'vitest';
import { ReportedError } from '../errors';
import { Progress } from './progress';
import { fakeEngine } from './testing/fakeEngine';
import { quietTerminal } from './testing/quietTerminal';
import { Workbench } from './workbench';

function setup() {
  const engine = fakeEngine();
  const terminal = quietTerminal();
  return { engine, terminal, bench: new Workbench(engine, new Progress(terminal)) };
}

describe('Workbench', () => {
  it('fails the call during which the GPU reported a fault', async () => {
    const { engine, bench } = setup();
    engine.during('train', () =>
      engine.emit({ kind: 'fault', error: { name: 'GpuFault', message: 'bad shader', remedy: 'r' } }),
    );
    await bench.call('features', undefined);
    await expect(bench.call('train', undefined)).rejects.toThrow(ReportedError);
  });

  it('remembers the most GPU memory, between calls and inside them', async () => {
    const { engine, bench } = setup();
    engine.memoryBytes = 100;
    await bench.call('features', undefined);
    const progress = {
      stage: 1,
      epoch: 1,
      epochs: 1,
      step: 1,
      steps: 1,
      loss: 0,
      secondsLeft: null,
    } as const;
    engine.emit({ kind: 'progress', progress, memory: { gpuBytes: 900, tensors: 3 } });
    engine.memoryBytes = 50;
    await bench.call('train', undefined);
    expect(bench.gpuBytesPeak).toBe(900);
  });

  it('turns events into progress', () => {
    const { engine, terminal } = setup();
    engine.emit({ kind: 'features', done: 3, total: 8 });
    expect(terminal.errors).toContain('features 3/8');
  });
});
