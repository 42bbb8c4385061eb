// One hand-written shader of shaders/ as something a kernel can run: bindings, pipelines and dispatch.
// kernel.ts turns it into an operation of tfjs; shaders/README.md has the shaders' side of the agreement.
import { recordDispatch } from './backend';
import { LimitsTooLow } from './errors';
import { compilePipeline, constantOf, type ShaderSource } from './shader';
import type { tf, WebGPUBackend } from './tf';
import { uniformOrder, type Uniform, type Uniforms } from './uniforms';

/** One run of a shader. Tensors in the order of the shader's bindings, numbers by their names there. */
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
  /**
   * Members of the shader's uniform struct: numbers that change from call to call. All of them, in any order; best as a
   * plain literal, as objects spread into it cost more than the rest of a call.
   */
  uniforms?: Uniforms;
  /**
   * Workgroups in x, y, z. A single number counts groups that are numbered through; it may pass the limit of
   * 65,535 a dimension, so the shader computes its number as `id.y * groups.x + id.x` (`workgroup_id`,
   * `num_workgroups`) and returns when that is beyond what there is to do.
   */
  workgroups: number | readonly [number, number, number];
}

interface Compiled {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/**
 * A shader and its pipelines.
 *
 *     import source from '../../shaders/scale.wgsl';
 *     const scale = new Program(source);
 *     const THREADS = scale.constant('THREADS');
 *     scale.run(backend, {
 *       inputs: [x], outputs: [y], uniforms: { count: 4096, factor: 0.5 }, workgroups: Math.ceil(4096 / THREADS),
 *     });
 *
 * The dispatch is recorded into tfjs's own compute pass: in order with its operations, nothing to flush. Layouts
 * are explicit, so a binding that the shader does not read does no harm. Pipelines are kept per program and
 * device under the constants' values: two sources, or two sets of constants, can never share one. A shader that
 * does not compile reaches the sink of GPU errors with the compiler's messages.
 */
export class Program {
  readonly name: string;
  private readonly order: (values: Uniforms) => Uniform[];
  private readonly compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

  /** @throws Error when the uniform struct has members that are no scalars */
  constructor(private readonly source: ShaderSource) {
    this.name = source.name;
    this.order = uniformOrder(source);
  }

  /** A whole number that the shader declares as `const`: threads, tiles. @throws Error when it declares none */
  constant(name: string): number {
    return constantOf(this.source, name);
  }

  /**
   * Records one dispatch.
   * @throws LimitsTooLow when a tensor is larger than the device can bind
   * @throws Error when tensors, constants or uniforms are not those that the shader declares
   */
  run(backend: WebGPUBackend, run: Run): void {
    const { inputs, outputs, constants = {}, uniforms = {} } = run;
    this.checkCounts(run);
    const device = backend.device as unknown as GPUDevice;
    const ordered = this.order(uniforms);
    const { pipeline, layout } = this.compile(device, constants);
    const tensors = [...inputs, ...outputs];
    checkSizes(device, tensors);
    checkTypes(backend, tensors);
    const workgroups = typeof run.workgroups === 'number' ? spread(run.workgroups, device) : run.workgroups;
    recordDispatch(backend, { pipeline, layout, tensors, written: outputs, uniforms: ordered, workgroups });
  }

  private checkCounts({ inputs, outputs }: Run): void {
    const { source } = this;
    if (inputs.length === source.inputs.length && outputs.length === source.outputs.length) return;
    throw new Error(
      `Shader ${this.name} reads [${source.inputs.join(', ')}] and writes [${source.outputs.join(', ')}]; given are ${inputs.length} inputs and ${outputs.length} outputs.`,
    );
  }

  private compile(device: GPUDevice, constants: Record<string, number>): Compiled {
    const pipelines = this.compiled.get(device) ?? new Map<string, Compiled>();
    this.compiled.set(device, pipelines);
    const key = pipelineKey(constants);
    const known = pipelines.get(key);
    if (known) return known;
    checkConstants(this.source, constants);
    const layout = bindGroupLayout(device, bindingKinds(this.source));
    const pipeline = compilePipeline(device, {
      name: this.name,
      code: this.source.code,
      constants,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    });
    const compiled = { pipeline, layout };
    pipelines.set(key, compiled);
    return compiled;
  }
}

function pipelineKey(constants: Record<string, number>): string {
  let key = '';
  for (const name in constants) key += `${name}=${constants[name]} `;
  return key;
}

function checkConstants({ name, overrides }: ShaderSource, constants: Record<string, number>): void {
  const unknown = Object.keys(constants).filter((given) => !overrides.some((known) => known.name === given));
  const missing = overrides.filter((known) => known.required && constants[known.name] === undefined);
  if (unknown.length === 0 && missing.length === 0) return;
  const known = overrides.map((one) => (one.required ? one.name : `${one.name} (has a default)`));
  const given = Object.keys(constants).join(', ') || 'none';
  throw new Error(`Shader ${name} takes the constants ${known.join(', ') || 'none'}; given are ${given}.`);
}

function bindingKinds({ inputs, outputs, uniforms }: ShaderSource): GPUBufferBindingType[] {
  return [
    ...inputs.map(() => 'read-only-storage' as const),
    ...outputs.map(() => 'storage' as const),
    ...(uniforms.length > 0 ? ['uniform' as const] : []),
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
