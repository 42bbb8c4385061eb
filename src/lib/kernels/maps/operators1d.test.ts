// The expected numbers of the Gaussian are SciPy's (ndimage.gaussian_filter1d, mode "reflect").
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../testing/golden';
import {
  applyBand,
  bilinearBand,
  boxBand,
  compose,
  filterBand,
  gaussianBand,
  identityBand,
  layoutBand,
  meanBand,
  poolBand,
  transposed,
} from './operators1d';

const LINE = [1, -2, 3, 0.5, 4];
const exact = { rtol: 1e-12, atol: 1e-12 };

describe('gaussianBand', () => {
  it.each([
    [
      0.8,
      [0.2938186515036375, -0.050363080188175924, 1.2653185690232123, 1.891994984605624, 3.099230875055704],
    ],
    [2, [0.5742483747550124, 0.8304156724845759, 1.2743917081347012, 1.7536813437820378, 2.067262900843673]],
    [4, [1.230113326095448, 1.2568176958447312, 1.2999640483133368, 1.3432033686282527, 1.369901561118232]],
  ])('gives SciPy’s numbers at sigma %d, even where the radius passes the line', (sigma, expected) => {
    expectClose(applyBand(gaussianBand(LINE.length, sigma), LINE), expected, exact);
  });

  it('is the identity at sigma 0', () => {
    expectClose(applyBand(gaussianBand(5, 0), LINE), LINE, exact);
  });

  it('keeps a constant line constant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        (samples, sigma) => {
          expectClose(
            applyBand(gaussianBand(samples, sigma), Array(samples).fill(3)),
            Array(samples).fill(3),
            exact,
          );
        },
      ),
    );
  });
});

describe('bilinearBand', () => {
  it('keeps both ends and runs straight between samples', () => {
    expectClose(applyBand(bilinearBand(3, 5), [0, 2, -2]), [0, 1, 2, 0, -2], exact);
  });

  it('repeats a single sample', () => {
    expectClose(applyBand(bilinearBand(1, 3), [7]), [7, 7, 7], exact);
  });

  it('takes the first sample when one is asked for', () => {
    expectClose(applyBand(bilinearBand(4, 1), [7, 8, 9, 10]), [7], exact);
  });
});

describe('boxBand', () => {
  it('counts the zeros of its padding', () => {
    expectClose(applyBand(boxBand(4, 3, 1), [3, 6, 9, 12]), [3, 6, 9, 7], exact);
  });

  it('gives one output more than inputs for an even width', () => {
    expectClose(applyBand(boxBand(3, 2, 1), [2, 4, 6]), [1, 3, 5, 3], exact);
  });

  it('gives zero where the window lies in the padding alone', () => {
    expectClose(applyBand(boxBand(2, 2, 2), [2, 4]), [0, 1, 3, 2, 0], exact);
  });
});

describe('compose', () => {
  it('equals one operator after the other', () => {
    const first = bilinearBand(5, 23);
    const second = gaussianBand(23, 1.5);
    const stepwise = applyBand(second, applyBand(first, LINE));
    expectClose(applyBand(compose(second, first), LINE), stepwise, exact);
  });

  it('stays a narrow band: smoothing after upsampling touches a few cells only', () => {
    expect(compose(gaussianBand(256, 4), bilinearBand(32, 256)).taps).toBeLessThanOrEqual(6);
  });

  it('leaves an operator alone when the other is the identity', () => {
    const operator = gaussianBand(5, 1);
    expect(compose(identityBand(5), operator)).toEqual(operator);
  });
});

describe('a band', () => {
  it('never reaches beyond the line', () => {
    const sizes = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(sizes, sizes, (inputs, outputs) => {
        for (const operator of [
          bilinearBand(inputs, outputs),
          gaussianBand(inputs, 3),
          boxBand(inputs, 21, 10),
        ]) {
          for (const start of operator.starts) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start + operator.taps).toBeLessThanOrEqual(operator.inputs);
          }
        }
      }),
    );
  });
});

describe('poolBand, filterBand and meanBand', () => {
  it('average pairs and drop what is left over', () => {
    expectClose(applyBand(poolBand(5, 2), LINE), [-0.5, 1.75], exact);
  });

  it('correlate with zeros beyond the line', () => {
    expectClose(applyBand(filterBand(5, [-1, 0, 1]), LINE), [-2, 2, 2.5, 1, -0.5], exact);
  });

  it('average the neighbours that there are', () => {
    expectClose(applyBand(meanBand(5, 1), LINE), [-0.5, 2 / 3, 0.5, 2.5, 2.25], exact);
  });
});

describe('transposed', () => {
  it.each([
    ['bilinear', bilinearBand(4, 7)],
    ['pool', poolBand(7, 3)],
    ['filter', filterBand(6, [1, 2, -4])],
    ['mean', meanBand(5, 3)],
  ])('is the adjoint of %s: <A x, y> = <x, A^T y>', (_, operator) => {
    const x = Array.from({ length: operator.inputs }, (_, i) => Math.sin(3 * i + 1));
    const y = Array.from({ length: operator.outputs }, (_, i) => Math.cos(5 * i));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    expectClose([dot(applyBand(operator, x), y)], [dot(x, applyBand(transposed(operator), y))], exact);
  });
});

describe('layoutBand', () => {
  it('of one input that fills its axis is the enlargement alone, to the bit', () => {
    for (const size of [1, 16, 29, 128])
      expect(layoutBand(13, { size, span: size, starts: [0] })).toEqual(bilinearBand(13, size));
  });

  it('cuts off what lies beyond the image', () => {
    const whole = applyBand(bilinearBand(LINE.length, 9), LINE);
    const axis = { size: 6, span: 9, starts: [0] };
    expect([...applyBand(layoutBand(LINE.length, axis), LINE)]).toEqual([...whole.subarray(0, 6)]);
  });

  it('blends overlapping inputs: where they agree nothing changes, else one fades into the other', () => {
    const axis = { size: 12, span: 8, starts: [0, 4] };
    expectClose(applyBand(layoutBand(3, axis), [5, 5, 5, 5, 5, 5]), new Array(12).fill(5), exact);
    const faded = applyBand(layoutBand(3, axis), [0, 0, 0, 1, 1, 1]);
    expectClose(faded, [0, 0, 0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1, 1, 1], exact);
  });
});
