import { describe, expect, it } from 'vitest';
import { describeEvent, Progress } from './progress';

function setup(interactive: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const terminal = {
    out: () => expect.unreachable('progress never goes to the standard output'),
    err: (text: string) => void written.push(text),
    interactive,
    columns: 20,
  };
  return { written, clock, progress: new Progress(terminal, () => clock.ms) };
}

describe('Progress', () => {
  it('rewrites one line on a terminal, ten times a second at most, never wider than the terminal', () => {
    const { written, clock, progress } = setup(true);
    for (clock.ms = 0; clock.ms < 1000; clock.ms += 10) progress.update(`step ${'x'.repeat(40)}`);
    expect(written).toHaveLength(10);
    expect(written.join('')).not.toContain('\n');
    for (const text of written) expect(text.replace('\r\u001b[2K', '')).toHaveLength(19);
    progress.clear();
    expect(written.at(-1)).toBe('\r\u001b[2K');
  });

  it('writes a line every ten seconds elsewhere, without control characters', () => {
    const { written, clock, progress } = setup(false);
    for (clock.ms = 0; clock.ms < 60_000; clock.ms += 500) progress.update('step');
    progress.clear();
    expect(written).toEqual(Array(6).fill('step\n'));
  });

  it('keeps notes, and takes the rewritten line away first', () => {
    const { written, progress } = setup(true);
    progress.update('step');
    progress.note('left out a.png');
    expect(written.slice(1)).toEqual(['\r\u001b[2K', 'left out a.png\n']);
  });
});

describe('describeEvent', () => {
  it('says stage, epoch, step, loss and time left of a training', () => {
    const progress = {
      stage: 2,
      epoch: 3,
      epochs: 12,
      step: 21,
      steps: 48,
      loss: 0.123456,
      secondsLeft: 11.2,
    } as const;
    const text = describeEvent({ kind: 'progress', progress, memory: { gpuBytes: 1, tensors: 1 } });
    expect(text).toBe('stage 2, epoch 3/12, step 21/48, loss 0.1235, 12 s left');
  });

  it('has no words for events that are no progress', () => {
    expect(describeEvent({ kind: 'lost', reason: 'x', recovered: true, recent: 1 })).toBeNull();
  });
});
