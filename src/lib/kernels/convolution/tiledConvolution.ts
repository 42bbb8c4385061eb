// Dense convolutions as tiled products (linear/tiledProduct.ts): how the maps of a window lie, and the 3x3 convolution of a network
// that trains with both its gradients, one dispatch each (two where the inner sum is cut).
import { tf } from '../../gpu/tf';
import { plainProduct, type TiledSizes, type WindowedMap } from '../linear/tiledProduct';
import { tilesPay, tilingOf } from '../linear/tiling';
import type { Tiling } from '../linear/tiles';

const SIDE = 3;

/** A convolution's forward pass: x [B, H, W, C], filter [K, K, C, O]. */
export function forwardSizes(map: WindowedMap, batch: number, outputs: number): TiledSizes {
  return {
    rows: batch * map.outHeight * map.outWidth,
    columns: outputs,
    taps: map.kernel ** 2,
    inner: map.channels,
    map,
    leftTurned: false,
    rightTurned: false,
  };
}

/** A 3x3 convolution with its gradients, and the tiles of each. */
interface Plan {
  forward: [TiledSizes, Tiling];
  input: [TiledSizes, Tiling];
  filter: [TiledSizes, Tiling];
}

/** Null where the current backend or the shape is better served otherwise. */
function planOf(x: tf.Tensor4D, filter: tf.Tensor4D): Plan | null {
  const [batch, height, width, inputs] = x.shape;
  const outputs = filter.shape[3];
  if (!tilesPay() || inputs % 4 !== 0 || outputs % 4 !== 0) return null;
  const mapOf = (channels: number): WindowedMap => ({ height, width, channels, outHeight: height, outWidth: width, kernel: SIDE, stride: 1, top: 1, left: 1 }); // prettier-ignore
  const forward = forwardSizes(mapOf(inputs), batch, outputs);
  const input = { ...forwardSizes(mapOf(outputs), batch, inputs), rightTurned: true };
  const filterSizes: TiledSizes = {
    rows: SIDE * SIDE * inputs,
    columns: outputs,
    taps: 1,
    inner: batch * height * width,
    map: mapOf(inputs),
    leftTurned: true,
    rightTurned: false,
  };
  const withTiling = (sizes: TiledSizes): [TiledSizes, Tiling] | null => {
    const tiling = tilingOf(sizes);
    return tiling && [sizes, tiling];
  };
  const parts = [forward, input, filterSizes].map(withTiling);
  return parts.includes(null) ? null : { forward: parts[0]!, input: parts[1]!, filter: parts[2]! };
}

const convolve = tf.customGrad<tf.Tensor4D>((...args) => {
  // tfjs types the inputs and the function that keeps them as one list.
  const [x, filter, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
  const plan = planOf(x, filter)!;
  save([x, filter]);
  const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    return [
      tf.tidy(() => plainProduct(dy, filter, ...plan.input).reshape(x.shape)),
      tf.tidy(() => plainProduct(x, dy, ...plan.filter).reshape(filter.shape)),
    ];
  };
  const shape: [number, number, number, number] = [x.shape[0], x.shape[1], x.shape[2], filter.shape[3]];
  return { value: plainProduct(x, filter, ...plan.forward).reshape(shape), gradFunc };
});

/**
 * Dense 3x3 convolution, stride 1, zeros outside, differentiable in both.
 * @param x [B, H, W, C]; @param filter [3, 3, C, O]
 * @returns [B, H, W, O]; null where tiles do not pay: the caller then takes another way
 */
export function tiledConvolution3x3(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D | null {
  return planOf(x, filter) && convolve(x, filter);
}
