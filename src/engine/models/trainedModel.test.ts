// Which of several models asked for at once is the one at work.
import { describe, expect, it } from 'vitest';
import type { ModelState } from './modelState';
import { TrainedModel } from './trainedModel';

/** Models named by their files' sizes; each is read when it is let go. */
function slowModels() {
  const waiting = new Map<number, () => void>();
  const log: string[] = [];
  const trained = new TrainedModel(async (file) => {
    const bytes = file.byteLength;
    await new Promise<void>((resolve) => waiting.set(bytes, resolve));
    if (bytes === 0) throw new Error('damaged');
    return { bytes, model: { dispose: () => log.push(`dispose ${bytes}`) } } as unknown as ModelState;
  });
  const letGo = async (bytes: number) => {
    while (!waiting.has(bytes)) await Promise.resolve();
    waiting.get(bytes)!();
  };
  return { trained, log, letGo, load: (bytes: number) => trained.load(new ArrayBuffer(bytes)) };
}

describe('the model at work', () => {
  it('is the one asked for last, even when an earlier one takes longer to read', async () => {
    const { trained, log, letGo, load } = slowModels();
    const both = Promise.all([load(10), load(11)]);
    const eleven = letGo(11);
    await letGo(10);
    await Promise.all([eleven, both]);
    expect([trained.state, trained.file().byteLength]).toMatchObject([{ bytes: 11 }, 11]);
    expect(log).toEqual(['dispose 10']);
  });

  it('stays when one that was asked for later is damaged, and others still come', async () => {
    const { trained, letGo, load } = slowModels();
    const [first, bad, last] = [load(10), load(0), load(12)];
    await letGo(10);
    await first;
    await letGo(0);
    await expect(bad).rejects.toThrow('damaged');
    expect(trained.file().byteLength).toBe(10);
    await letGo(12);
    await last;
    expect(trained.file().byteLength).toBe(12);
  });
});
