// Feature Block Paste: adds a blurred block of a given intensity to a feature map, in one dispatch
// (shaders/maps/paste_block.wgsl). Which cells the block covers is decided elsewhere (methods/grad/blocks.ts).
// No gradient: its inputs are frozen features and random blocks, nothing that trains.
import pasteBlockSource from '../../../../shaders/maps/paste_block.wgsl';
import { tf } from '../../gpu/tf';
import { keptTensor } from '../../gpu/kept';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

/** Of the 3 x 3 blur, in cells (METHOD: FBP's public settings). */
const SIGMA = 0.8;
const NEIGHBOUR = Math.exp(-1 / (2 * SIGMA * SIGMA));
/** The normalised 3-tap Gaussian: weight of the cell itself and of either neighbour. */
const CENTRE = 1 / (1 + 2 * NEIGHBOUR);
const SIDE = NEIGHBOUR * CENTRE;

type Inputs = 'phi' | 'mask' | 'intensity' | 'direction';
/** What is given as numbers; all there are as tensors count otherwise. */
interface Attributes {
  intensities?: readonly number[] | undefined;
}

const paste = defineKernel<Inputs, Attributes>({
  name: 'PasteBlock',
  outputShapes: ({ inputs }) => [inputs.phi.shape],
  cpu: pasteOnCpu,
  webgpu: pasteOnGpu,
});

/**
 * Feature Block Paste (GRAD, section on FBP): phi + T, where T is the block, `intensity` inside and 0 outside,
 * blurred by a 3 x 3 Gaussian (sigma 0.8, reflect padding as in PyTorch).
 * @param phi feature map [B, H, W, C]
 * @param mask cells of the block, 0 or 1, float32, [B, H, W]
 * @param intensity of each image's block, in units of the features, [B]; as plain numbers it is kept on the GPU for the
 * next call with the same ones
 * @param direction what an intensity of 1 adds to each channel, [B, C]; by default 1, the paper's equal shift
 * @returns the pasted feature map [B, H, W, C]
 * @throws Error when shapes or types do not fit
 */
export function pasteBlock(
  phi: tf.Tensor4D,
  mask: tf.Tensor3D,
  intensity: tf.Tensor1D | readonly number[],
  direction?: tf.Tensor2D,
): tf.Tensor4D {
  const [batch, height, width, channels] = phi.shape;
  tf.util.assert(mask.dtype === 'float32', () => 'pasteBlock, mask: float32 is needed');
  tf.util.assertShapesMatch(mask.shape, [batch, height, width], 'pasteBlock, mask: ');
  const given = intensity instanceof tf.Tensor;
  tf.util.assertShapesMatch(given ? intensity.shape : [intensity.length], [batch], 'pasteBlock, intensity: ');
  if (direction) tf.util.assertShapesMatch(direction.shape, [batch, channels], 'pasteBlock, direction: ');
  const inputs = { phi, mask, ...(given && { intensity }), ...(direction && { direction }) };
  const attributes = given ? {} : { intensities: intensity };
  return paste(inputs as Record<Inputs, tf.Tensor>, attributes)[0] as tf.Tensor4D;
}

/** A single value stands for all images and channels. */
const ALL_CHANNELS = Float32Array.of(1);

function pasteOnCpu({ inputs, values, attributes, outputs }: CpuCall<Inputs, Attributes>): void {
  const [batch, height, width, channels] = inputs.phi.shape as [number, number, number, number];
  // What was not given as a tensor has no values.
  const {
    phi,
    mask,
    intensity = attributes.intensities!,
    direction = ALL_CHANNELS,
  } = values as Partial<typeof values> & Pick<typeof values, 'phi' | 'mask'>;
  const pasted = outputs[0]!;
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const image = Math.floor(pixel / (height * width));
    const cells = mask.subarray(image * height * width, (image + 1) * height * width);
    const y = Math.floor(pixel / width) % height;
    const block = intensity[image]! * blurAt(cells, height, width, y, pixel % width);
    for (let channel = 0; channel < channels; channel++) {
      const towards = direction.length === 1 ? direction[0]! : direction[image * channels + channel]!;
      pasted[pixel * channels + channel] = phi[pixel * channels + channel]! + block * towards;
    }
  }
}

/** The blurred mask at one cell. */
function blurAt(cells: Float32Array, height: number, width: number, y: number, x: number): number {
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const weight = (dy === 0 ? CENTRE : SIDE) * (dx === 0 ? CENTRE : SIDE);
      sum += weight * cells[reflect(y + dy, height) * width + reflect(x + dx, width)]!;
    }
  }
  return sum;
}

/** Mirrors an index one step beyond the edge, the edge itself not repeated; a single cell mirrors to itself. */
function reflect(index: number, size: number): number {
  const mirrored = index < 0 ? -index : index > size - 1 ? 2 * (size - 1) - index : index;
  return Math.min(Math.max(mirrored, 0), size - 1);
}

const program = new Program(pasteBlockSource);
const PIXELS = program.constant('PIXELS');

function pasteOnGpu({ backend, inputs, attributes, outputs }: WebgpuCall<Inputs, Attributes>): void {
  const kept = (values: ArrayLike<number>) =>
    keptTensor(backend, `values ${Array.from(values).join()}`, () => ({
      shape: [values.length],
      values: Float32Array.from(values),
    }));
  const { phi, mask } = inputs;
  const { intensity = kept(attributes.intensities!), direction = kept(ALL_CHANNELS) } = inputs as Partial<
    typeof inputs
  >;
  const [batch, height, width, channels] = phi.shape as [number, number, number, number];
  const pixels = batch * height * width;
  program.run(backend, {
    outputs,
    inputs: [phi, mask, intensity, direction],
    constants: { SIDE, CENTRE },
    uniforms: { height, width, channels, pixels, directions: tf.util.sizeFromShape(direction.shape) },
    workgroups: Math.ceil(pixels / PIXELS),
  });
}
