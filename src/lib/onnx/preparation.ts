// What happens to an image before the backbone, as part of an ONNX graph: images/resize.ts and backbones/pixels.ts.
import type { Graph } from '../formats/onnx/graph';
import { int, type Value } from '../formats/onnx/messages';
import { binary, transpose } from '../formats/onnx/ops';
import type { Normalisation } from '../backbones/hubTable';

/**
 * uint8 RGB [N, H, W, 3] of any size -> [N, 3, S, S], normalised. The resizing is that of ours (triangle filter, widened by
 * the ratio when shrinking, rounded to eight bits after each axis); runtimes round it their own way by at most one level.
 */
export function preparationGraph(g: Graph, image: Value, size: number, { mean, std }: Normalisation): Value {
  const images = image.shape[0]!;
  const planes = transpose(g, image, [0, 3, 1, 2]);
  // Of the four sizes the first is the number of images, which is known only when the graph runs.
  const count = g.node('Shape', [planes], { start: int(0), end: int(1) }, { type: 'int64', shape: [1] });
  const rest = g.integers('size', [3, size, size]);
  const sizes = g.node('Concat', [count, rest], { axis: int(0) }, { shape: [4] });
  const squashed = g.node(
    'Resize',
    [planes, null, null, sizes],
    // Weights beyond the border are left out and the others scaled to add up to 1.
    {
      mode: 'linear',
      antialias: int(1),
      coordinate_transformation_mode: 'half_pixel',
      exclude_outside: int(1),
    },
    { shape: [images, 3, size, size] },
  );
  const levels = g.node('Cast', [squashed], { to: int(1) }, { type: 'float32' });
  const perChannel = (name: string, values: readonly number[]) =>
    g.floats(name, [1, 3, 1, 1], () => Float32Array.from(values));
  const scaled = binary(g, 'Mul', levels, perChannel('scale', std.map((s) => 1 / (255 * s)))); // prettier-ignore
  return binary(g, 'Sub', scaled, perChannel('offset', mean.map((m, c) => m / std[c]!))); // prettier-ignore
}
