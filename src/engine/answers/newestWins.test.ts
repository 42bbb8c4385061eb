import { describe, expect, it } from 'vitest';
import { NewestWins } from './newestWins';

/** Work that finishes when the test says so. */
function controlled() {
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const queue = new NewestWins<number, number>((n) => {
    started.push(n);
    return new Promise((resolve) => finish.push(() => resolve(n * 10)));
  });
  return { queue, started, finish };
}

describe('NewestWins', () => {
  it('runs the first, drops the middle and runs the last', async () => {
    const { queue, started, finish } = controlled();
    const answers = [queue.submit(1), queue.submit(2), queue.submit(3)];
    finish[0]!();
    expect(await answers[0]).toBe(10);
    expect(await answers[1]).toBeNull();
    finish[1]!();
    expect(await answers[2]).toBe(30);
    expect(started).toEqual([1, 3]);
  });

  it('goes on after a failure', async () => {
    const queue = new NewestWins<number, number>((n) =>
      n < 0 ? Promise.reject(new Error('no')) : Promise.resolve(n),
    );
    await expect(queue.submit(-1)).rejects.toThrow('no');
    expect(await queue.submit(4)).toBe(4);
  });
});
