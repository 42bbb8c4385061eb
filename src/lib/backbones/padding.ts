// Keeps the padding of letterboxed images out of what is learned and scored: its cells take the features of the image's own
// cells, mirrored at its end. So statistics, memory banks and grids see nothing but the image; of the map the padding is cut off.
import { mirroredCells } from '../framing';
import { tf } from '../gpu/tf';
import type { InputImage } from '../images/cut';

/** @param phi [1, H, W, C]; taken over @returns the same shape; phi itself where nothing is padded */
export function withoutPadding(phi: tf.Tensor4D, { filled, width, height }: InputImage): tf.Tensor4D {
  if (!filled) return phi;
  const mirrored = tf.tidy(() => {
    const rows = alongAxis(phi, 1, filled.height, height);
    return alongAxis(rows, 2, filled.width, width);
  });
  if (mirrored !== phi) phi.dispose();
  return mirrored;
}

function alongAxis(phi: tf.Tensor4D, axis: 1 | 2, filled: number, span: number): tf.Tensor4D {
  const map = { size: filled, span, starts: [0] };
  const sources = mirroredCells(phi.shape[axis], { filled, map });
  return sources ? tf.gather(phi, tf.tensor1d(sources, 'int32'), axis) : phi;
}
