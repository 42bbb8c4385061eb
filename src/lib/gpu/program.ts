// One hand-written shader of shaders/*.wgsl as something a kernel can run: bindings, pipelines and dispatch.
// kernel.ts turns it into an operation of tfjs; shaders/README.md has the shaders' side of the agreement.
import { recordDispatch, type Uniform } from './backend';
import { LimitsTooLow } from './errors';
import { compilePipeline } from './shader';
import type { tf, WebGPUBackend } from './tf';

/** One run of a shader. Bindings count up from 0 in group 0: inputs, then outputs, then the uniform struct. */
export interface Run {
  /** Bound as `var<storage, read>`. One tensor cannot be input and output of the same run. */
  inputs: readonly tf.TensorInfo[];
  /** Bound as `var<storage, read_write>`. Fresh ones are not zeroed. May be variables: written in place. */
  outputs: readonly tf.TensorInfo[];
  /**
   * Values of the shader's `override` declarations that have no default, or another one here: tile sizes,
   * switches, shapes that seldom change (true is 1). Each new set of values compiles a pipeline, once, in tens of
   * milliseconds.
   */
  constants?: Record<string, number>;
  /** Members of the shader's uniform struct, in order, scalars only: numbers that change from call to call. */
  uniforms?: readonly Uniform[];
  /**
   * Workgroups in x, y, z. A single number counts groups that are numbered through; it may pass the limit of
   * 65,535 a dimension, so the shader computes its number as `id.y * groups.x + id.x` (`workgroup_id`,
   * `num_workgroups`) and returns when that is beyond what there is to do.
   */
  workgroups: number | readonly [number, number, number];
}

export const f32 = (value: number): Uniform => ({ type: 'float32', value });
export const i32 = (value: number): Uniform => ({ type: 'int32', value });
export const u32 = (value: number): Uniform => ({ type: 'uint32', value });

interface Compiled {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/**
 * A shader and its pipelines.
 *
 *     import source from '../../shaders/scale.wgsl';
 *     const scale = new Program('scale', source);
 *     scale.run(backend, {
 *       inputs: [x], outputs: [y], constants: { THREADS: 64 }, uniforms: [u32(4096), f32(0.5)], workgroups: 64,
 *     });
 *
 * The dispatch is recorded into tfjs's own compute pass: in order with its operations, nothing to flush. Layouts
 * are explicit, so a binding that the shader does not read does no harm. Pipelines are kept per program and
 * device under the constants' values: two sources, or two sets of constants, can never share one. A shader that
 * does not compile reaches the sink of GPU errors with the compiler's messages.
 */
export class Program {
  private readonly compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

  constructor(
    readonly name: string,
    readonly source: string,
  ) {}

  /** Records one dispatch. @throws LimitsTooLow when a tensor is larger than the device can bind */
  run(backend: WebGPUBackend, run: Run): void {
    const device = backend.device as unknown as GPUDevice;
    const { pipeline, layout } = this.compile(device, run);
    const tensors = [...run.inputs, ...run.outputs];
    checkSizes(device, tensors);
    checkTypes(backend, tensors);
    const workgroups = typeof run.workgroups === 'number' ? spread(run.workgroups, device) : run.workgroups;
    recordDispatch(backend, {
      pipeline,
      layout,
      tensors,
      written: run.outputs,
      uniforms: run.uniforms ?? [],
      workgroups,
    });
  }

  private compile(device: GPUDevice, { inputs, outputs, constants = {}, uniforms = [] }: Run): Compiled {
    const pipelines = this.compiled.get(device) ?? new Map<string, Compiled>();
    this.compiled.set(device, pipelines);
    const kinds = bindingKinds(inputs.length, outputs.length, uniforms.length > 0);
    const key = JSON.stringify([kinds, constants]);
    const known = pipelines.get(key);
    if (known) return known;
    const layout = bindGroupLayout(device, kinds);
    const pipeline = compilePipeline(device, {
      name: this.name,
      code: this.source,
      constants,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    });
    const compiled = { pipeline, layout };
    pipelines.set(key, compiled);
    return compiled;
  }
}

function bindingKinds(inputs: number, outputs: number, uniform: boolean): GPUBufferBindingType[] {
  return [
    ...Array<GPUBufferBindingType>(inputs).fill('read-only-storage'),
    ...Array<GPUBufferBindingType>(outputs).fill('storage'),
    ...(uniform ? ['uniform' as const] : []),
  ];
}

function bindGroupLayout(device: GPUDevice, kinds: GPUBufferBindingType[]): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    entries: kinds.map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
}

/** A grid of at least `count` workgroups that keeps to the device's limit per dimension. */
function spread(count: number, device: GPUDevice): [number, number, number] {
  const limit = device.limits.maxComputeWorkgroupsPerDimension;
  if (count <= limit) return [count, 1, 1];
  const rows = Math.ceil(count / limit);
  return [Math.ceil(count / rows), rows, 1];
}

function checkSizes(device: GPUDevice, tensors: readonly tf.TensorInfo[]): void {
  const limit = device.limits.maxStorageBufferBindingSize;
  for (const { shape } of tensors) {
    const needed = 4 * shape.reduce((product, size) => product * size, 1);
    if (needed > limit) {
      throw new LimitsTooLow([{ limit: 'maxStorageBufferBindingSize', needed, present: limit }]);
    }
  }
}

/**
 * tfjs casts integers to floats without touching the buffer: the label says float32, the bits are still int32. Its
 * own shaders look at the buffer's type; ours would read 1 as 1.4e-45.
 */
function checkTypes(backend: WebGPUBackend, tensors: readonly tf.TensorInfo[]): void {
  for (const { dataId, dtype } of tensors) {
    const held = backend.tensorMap.get(dataId).dtype;
    if (held !== dtype) {
      throw new Error(
        `A ${dtype} tensor holds ${held} bits after a cast; make it by arithmetic instead: x.mul(1.0)`,
      );
    }
  }
}
