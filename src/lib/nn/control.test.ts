import { describe, expect, it } from 'vitest';
import { TrainControl } from './control';

const file = new ArrayBuffer(8);
const save = () => Promise.resolve(file);
/** What a promise has come to by now. */
const settled = (promise: Promise<unknown>) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 5, 'waiting'))]);

describe('TrainControl', () => {
  it('lets steps through until it is paused', async () => {
    const control = new TrainControl();
    expect(await control.next(save)).toBe(true);
    control.pause();
    const step = control.next(save);
    expect(await settled(step)).toBe('waiting');
    control.resume();
    expect(await step).toBe(true);
  });

  it('lets exactly as many steps through as were asked for', async () => {
    const control = new TrainControl({ paused: true });
    control.step();
    control.step();
    expect(await control.next(save)).toBe(true);
    expect(await control.next(save)).toBe(true);
    expect(await settled(control.next(save))).toBe('waiting');
  });

  it('pauses a running training after the step it was asked for', async () => {
    const control = new TrainControl();
    control.step();
    expect(await control.next(save)).toBe(true);
    expect(await settled(control.next(save))).toBe('waiting');
  });

  it('wakes a paused training to end it', async () => {
    const control = new TrainControl({ paused: true });
    const step = control.next(save);
    control.cancel();
    expect(await step).toBe(false);
  });

  it('answers a checkpoint while paused, without a step', async () => {
    const control = new TrainControl({ paused: true });
    const step = control.next(save);
    expect(await control.checkpoint()).toBe(file);
    expect(await settled(step)).toBe('waiting');
  });

  it('fails a waiting checkpoint with the run', async () => {
    const control = new TrainControl();
    const checkpoint = control.checkpoint();
    control.fail(new Error('diverged'));
    await expect(checkpoint).rejects.toThrow('diverged');
  });

  it('hands a failed checkpoint to the one who asked, not to the training', async () => {
    const control = new TrainControl();
    const checkpoint = control.checkpoint();
    checkpoint.catch(() => {});
    expect(await control.next(() => Promise.reject(new Error('lost')))).toBe(true);
    await expect(checkpoint).rejects.toThrow('lost');
  });
});
