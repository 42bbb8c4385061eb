import { describe, expect, it } from 'vitest';
import { ReportedError } from '../../lib/errors';
import { Progress } from '../output/progress';
import { fakeEngine } from '../testing/fakeEngine';
import { quietTerminal } from '../testing/quietTerminal';
import { Workbench } from './workbench';

function setup() {
  const engine = fakeEngine();
  const terminal = quietTerminal();
  return { engine, terminal, workbench: new Workbench(engine, new Progress(terminal)) };
}

describe('Workbench', () => {
  it('fails the call during which the GPU reported a fault', async () => {
    const { engine, workbench } = setup();
    engine.during('train', () =>
      engine.emit({ kind: 'fault', error: { name: 'GpuFault', message: 'bad shader', remedy: 'r' } }),
    );
    await workbench.call('features', undefined);
    await expect(workbench.call('train', undefined)).rejects.toThrow(ReportedError);
  });

  it('remembers the most GPU memory, between calls and inside them', async () => {
    const { engine, workbench } = setup();
    engine.memoryBytes = 100;
    await workbench.call('features', undefined);
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
    await workbench.call('train', undefined);
    expect(workbench.gpuBytesPeak).toBe(900);
  });

  it('turns events into progress', () => {
    const { engine, terminal } = setup();
    engine.emit({ kind: 'features', done: 3, total: 8 });
    expect(terminal.errors).toContain('features 3/8');
  });
});
