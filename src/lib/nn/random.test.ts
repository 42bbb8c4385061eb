import { describe, expect, it } from 'vitest';
import { Random } from './random';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('repeats the published PCG32 demo (seed 42, stream 54)', () => {
    const expected = [0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e];
    expect(draw(Random.pcg32(42n, 54n), 6)).toEqual(expected);
  });

  it('agrees with 64-bit integer arithmetic over many steps', () => {
    const random = Random.pcg32(0xdeadbeefn, 7n);
    let [high, low] = random.state.map(BigInt) as [bigint, bigint];
    const [incrementHigh, incrementLow] = random.state.slice(2).map(BigInt) as [bigint, bigint];
    const increment = (incrementHigh << 32n) | incrementLow;
    for (let i = 0; i < 2000; i++) {
      random.next();
      const state = BigInt.asUintN(64, ((high << 32n) | low) * 6364136223846793005n + increment);
      [high, low] = [state >> 32n, state & 0xffffffffn];
    }
    expect(random.state.slice(0, 2).map(BigInt)).toEqual([high, low]);
  });

  it('gives every purpose and every seed its own sequence', () => {
    const first = draw(Random.stream(0, 'order'), 4);
    expect(draw(Random.stream(0, 'jitter'), 4)).not.toEqual(first);
    expect(draw(Random.stream(1, 'order'), 4)).not.toEqual(first);
    expect(draw(Random.stream(0, 'order'), 4)).toEqual(first);
  });

  it('continues from a restored state', () => {
    const random = Random.stream(3, 'fbp');
    draw(random, 5);
    const restored = Random.restore(random.state);
    expect(draw(restored, 8)).toEqual(draw(random, 8));
  });

  it('draws integers evenly and within both ends', () => {
    const random = Random.stream(1, 'test');
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[random.int(-2, 2) + 2]!++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('draws normal values with mean 0 and deviation 1', () => {
    const values = Random.stream(2, 'test').normals(20_000, 1);
    const mean = values.reduce((sum, v) => sum + v) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  it('permutes without loss', () => {
    const order = Random.stream(0, 'order').permutation(50);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });
});
