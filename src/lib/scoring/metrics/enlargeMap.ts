// An anomaly map brought to the size of a mask, so that figures are taken where the defects were drawn. On the CPU, one
// image at a time: such maps are large, and nothing but their pixels' ranks is kept.
import type { ScoreMap } from './imagePixels';

/**
 * Bilinear between the centres of pixels, as the image was brought to the input size; level beyond the outermost ones. Maps
 * are smooth: where the mask is the smaller one, nothing is averaged.
 * @param width, @param height whole numbers, at least 1
 */
export function enlargeMap(map: ScoreMap, width: number, height: number): ScoreMap {
  if (map.width === width && map.height === height) return map;
  const columns = positions(map.width, width);
  const rows = positions(map.height, height);
  const values = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const upper = rows.first[y]! * map.width;
    const lower = rows.second[y]! * map.width;
    const down = rows.weight[y]!;
    for (let x = 0; x < width; x++) {
      const [left, right, along] = [columns.first[x]!, columns.second[x]!, columns.weight[x]!];
      const above = between(map.values[upper + left]!, map.values[upper + right]!, along);
      const below = between(map.values[lower + left]!, map.values[lower + right]!, along);
      values[to++] = between(above, below, down);
    }
  }
  return { width, height, values };
}

const between = (a: number, b: number, weight: number): number => a + (b - a) * weight;

/** Of each target pixel the two source pixels around its centre, and how near it is to the second. */
function positions(from: number, to: number) {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const weight = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(from - 1, first[i]! + 1);
    weight[i] = at - first[i]!;
  }
  return { first, second, weight };
}
