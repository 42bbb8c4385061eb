// The three maps of both branches in one dispatch (shaders/inference/branch_maps.wgsl): fusion, distance and channel 0, which
// training's pieces make in five. No gradient: no loss looks at these maps.
import source from '../../../../shaders/inference/branch_maps.wgsl';
import { defineKernel } from '../../gpu/kernel';
import { keptVector } from '../../gpu/kept';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';
import { distanceOf, NEAR } from '../maps/distanceMap';

type Inputs = 'phi' | 'normal' | 'abnormal' | 'weight';

/** x_pre = normal * x_n + abnormal * weight * x_a. */
export interface Fusion {
  normal: number;
  abnormal: number;
  /** A single number on the GPU, of any rank; by default 1. */
  weight?: tf.Tensor;
}

interface Attributes {
  normal: number;
  abnormal: number;
  refine: boolean;
  near: number;
}

const program = new Program(source);

/**
 * @param phi [B, H, W, C], as are both branches' features @param refine, @param near as for distanceMap()
 * @returns maps [B, H, W]: the distance of phi from both branches fused, from the normal one alone (unrefined), and channel 0 of
 * the abnormal one
 * @throws Error when the shapes differ
 */
export function branchMaps(
  phi: tf.Tensor4D,
  normal: tf.Tensor4D,
  abnormal: tf.Tensor4D,
  fusion: Fusion,
  refine: boolean,
  near: number = NEAR,
): { fused: tf.Tensor3D; normal: tf.Tensor3D; abnormal: tf.Tensor3D } {
  for (const branch of [normal, abnormal]) tf.util.assertShapesMatch(branch.shape, phi.shape, 'branchMaps: ');
  const inputs = { phi, normal, abnormal, ...(fusion.weight && { weight: fusion.weight }) };
  const attributes = { normal: fusion.normal, abnormal: fusion.abnormal, refine, near };
  const maps = look(inputs as Record<Inputs, tf.Tensor>, attributes) as tf.Tensor3D[];
  return { fused: maps[0]!, normal: maps[1]!, abnormal: maps[2]! };
}

const look = defineKernel<Inputs, Attributes>({
  name: 'BranchMaps',
  outputShapes: ({ inputs }) => [0, 1, 2].map(() => inputs.phi.shape.slice(0, 3)),
  cpu: ({ inputs, values, attributes, outputs }) => {
    const channels = inputs.phi.shape[3]!;
    const { phi, normal, abnormal } = values;
    const { weight } = values as Partial<typeof values>;
    const scale = attributes.abnormal * (weight?.[0] ?? 1);
    const fused = phi.map((_, i) => attributes.normal * normal[i]! + scale * abnormal[i]!);
    distanceOf(phi, fused, channels, attributes, outputs[0]!);
    distanceOf(phi, normal, channels, { ...attributes, refine: false }, outputs[1]!);
    outputs[2]!.forEach((_, pixel) => (outputs[2]![pixel] = abnormal[pixel * channels]!));
  },
  webgpu: ({ backend, inputs, attributes, outputs }) => {
    const [batch, height, width, channels] = inputs.phi.shape as [number, number, number, number];
    const pixels = batch * height * width;
    const { weight = keptVector(backend, 1, 1) } = inputs as Partial<typeof inputs>;
    program.run(backend, {
      inputs: [inputs.phi, inputs.normal, inputs.abnormal, weight],
      outputs,
      constants: { REFINE: Number(attributes.refine) },
      uniforms: {
        pixels,
        channels,
        normalFactor: attributes.normal,
        abnormalFactor: attributes.abnormal,
        near: attributes.near,
      },
      workgroups: Math.ceil(pixels / program.constant('PIXELS')),
    });
  },
});
