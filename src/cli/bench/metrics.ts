// Figures over ten million made-up pixels, beside the built-in sort of as many floats: what scoring a set costs after
// the GPU is done. Needs no engine; not for judging a method.
import { resample, RESAMPLES } from '../../lib/scoring/metrics/bootstrap';
import { prCurve, proCurve, rocCurve, thin } from '../../lib/scoring/metrics/curves';
import { imagePixels, type ImagePixels, type MaskedMap } from '../../lib/scoring/metrics/imagePixels';
import { figuresOf } from '../../lib/scoring/metrics/pixels';
import { rankPixels, type PixelRanking } from '../../lib/scoring/metrics/rankPixels';
import { summarise } from '../../lib/scoring/metrics/summary';
import { Random } from '../../lib/nn/random';
import type { Measurement } from './measurement';

const SIDE = 256;
const NORMAL = 53;
const ANOMALOUS = 100;
const PIXELS = (NORMAL + ANOMALOUS) * SIDE * SIDE;
const YARDSTICK = 'the built-in sort of as many floats';

/** Each figure's time is that of a second run, when the code is warm. */
export async function benchMetrics(): Promise<Measurement[]> {
  const random = Random.stream(0, 'metrics bench');
  const maps = Array.from({ length: NORMAL + ANOMALOUS }, (_, i) => madeUpMap(random, i >= NORMAL));
  const sortMs = warmMs(() => sortAll(maps));
  const row = (name: string, ms: number) => ({ name, ms, ratio: ms / sortMs, yardstick: YARDSTICK });
  const pixels = maps.map(imagePixels);
  const ranking = rankPixels(pixels)!;
  const evaluated = evaluatedOf(pixels);
  const { metrics } = summarise(evaluated);
  return [
    row(
      `take in ${(PIXELS / 1e6).toFixed(0)} million pixels`,
      warmMs(() => maps.map(imagePixels)),
    ),
    row(
      'pixel AUROC, AP and AUPRO, exact',
      warmMs(() => figuresOf(rankPixels(pixels))),
    ),
    row(
      'ROC, PR and PRO curves, thinned',
      warmMs(() => curves(ranking)),
    ),
    row(
      `${RESAMPLES} bootstrap resamples`,
      warmMs(() => resample(evaluated, metrics, { random })),
    ),
  ];
}

function warmMs(work: () => unknown): number {
  work();
  const start = performance.now();
  work();
  return performance.now() - start;
}

function sortAll(maps: readonly MaskedMap[]): Float32Array {
  const all = new Float32Array(PIXELS);
  maps.forEach(({ map }, i) => all.set(map.values, i * SIDE * SIDE));
  return all.sort();
}

const curves = (ranking: PixelRanking) =>
  [rocCurve, prCurve, proCurve].map((curveOf) => thin(curveOf(ranking)));

/** Noise in [1, 3), and two squares that stand out by up to 2. */
function madeUpMap(random: Random, anomalous: boolean): MaskedMap {
  const size = { width: SIDE, height: SIDE };
  const data = new Uint8Array(SIDE * SIDE);
  for (let square = 0; anomalous && square < 2; square++) {
    const side = random.int(8, 48);
    const [left, top] = [random.int(0, SIDE - side), random.int(0, SIDE - side)];
    for (let y = top; y < top + side; y++) data.fill(1, y * SIDE + left, y * SIDE + left + side);
  }
  const values = Float32Array.from(
    data,
    (inside) => 1 + random.uniform() + random.uniform() + inside * random.between(0, 2),
  );
  return { map: { ...size, values }, mask: anomalous ? { ...size, data } : null };
}

function evaluatedOf(pixels: readonly ImagePixels[]) {
  const labels = pixels.map(({ regionSizes }) => (regionSizes.length > 0 ? 1 : 0) as 0 | 1);
  const types = labels.map((label) => (label === 1 ? 'square' : 'good'));
  return {
    scores: pixels.map(({ defects }, i) => defects.length + i / pixels.length),
    labels,
    types,
    pixels,
  };
}
