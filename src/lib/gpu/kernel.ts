// Turns a CPU reference, a WebGPU implementation and a gradient into one operation of tfjs that works in tapes,
// tidies and on all backends. One file a kernel calls defineKernel() when it is imported.
import { cpuValues, meetBackend, replaceCpuValues } from './backend';
import { heapValues, replaceHeapValues, type BackendWasm } from './processor';
import { tf, type WebGPUBackend } from './tf';

export interface KernelCall<I extends string, A> {
  inputs: Record<I, tf.TensorInfo>;
  attributes: A;
}

export interface CpuCall<I extends string, A> extends KernelCall<I, A> {
  /** Values of the inputs (float32), row-major. Not to be written; see `replace`. */
  values: Record<I, Float32Array>;
  /** Zeroed arrays to fill, one per output shape. */
  outputs: Float32Array[];
  /** Gives an input new values, for kernels that update in place. */
  replace(input: I, values: Float32Array): void;
}

export interface WebgpuCall<I extends string, A> extends KernelCall<I, A> {
  backend: WebGPUBackend;
  /** Fresh tensors to write, one per output shape; not zeroed. */
  outputs: tf.TensorInfo[];
  /** A float tensor for this call only; not zeroed. */
  scratch(shape: number[]): tf.TensorInfo;
}

export interface WasmCall<I extends string, A> extends KernelCall<I, A> {
  backend: BackendWasm;
  /** Runs one of the backend's own kernels, by tfjs's name for it; the result is the caller's. */
  run(kernel: string, inputs: Record<string, tf.TensorInfo>, attributes?: object): tf.TensorInfo;
}

export interface KernelSpec<I extends string, A extends object> {
  /** Unique name in tfjs's registry, in PascalCase. */
  name: string;
  /** Shapes of the outputs (all float32). No output: the kernel updates inputs in place. */
  outputShapes(call: KernelCall<I, A>): number[][];
  /** The numeric reference: plain loops, written to be read. */
  cpu(call: CpuCall<I, A>): void;
  /** Runs one or more programs (program.ts). */
  webgpu(call: WebgpuCall<I, A>): void;
  /** Whether `cpu` writes every value of its outputs, so that none has to be zeroed before. Default: false. */
  writesAll?: boolean;
  /** Composes kernels of tfjs's wasm backend, where those are faster. Default: the reference, on that backend's memory. */
  wasm?(call: WasmCall<I, A>): tf.TensorInfo[];
  /** Left out for kernels that are never differentiated. */
  gradient?: {
    /** Inputs the gradient needs; all of them are kept until backpropagation. */
    save: readonly I[];
    /** Which outputs the gradient needs, by position. */
    saveOutputs?: readonly boolean[];
    /**
     * Gradients by input, each computed only when asked for.
     * @param dy gradient of each output
     */
    of(
      dy: tf.Tensor[],
      saved: { inputs: Record<I, tf.Tensor>; outputs: tf.Tensor[]; attributes: A },
    ): Partial<Record<I, () => tf.Tensor>>;
  };
}

/** The operation: checks nothing, so the public function that wraps it checks shapes first. */
export type KernelOp<I extends string, A> = (inputs: Record<I, tf.Tensor>, attributes: A) => tf.Tensor[];

/** Registers the kernel on all backends, and its gradient; returns the operation. */
export function defineKernel<I extends string, A extends object = Record<never, never>>(
  spec: KernelSpec<I, A>,
): KernelOp<I, A> {
  const { name } = spec;
  tf.registerKernel({ kernelName: name, backendName: 'cpu', kernelFunc: cpuKernel(spec) as tf.KernelFunc });
  tf.registerKernel({
    kernelName: name,
    backendName: 'webgpu',
    kernelFunc: webgpuKernel(spec) as tf.KernelFunc,
  });
  tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc: wasmKernel(spec) as tf.KernelFunc });
  if (spec.gradient) tf.registerGradient(gradientConfig(name, spec.gradient));
  return (inputs, attributes) =>
    // tfjs wants an index signature; our attributes are precise types.
    tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes as unknown as tf.NamedAttrMap);
}

interface KernelParams<I extends string, A> {
  inputs: Record<I, tf.TensorInfo>;
  attrs: A;
  backend: unknown;
}

function cpuKernel<I extends string, A extends object>(spec: KernelSpec<I, A>) {
  return ({ inputs, attrs: attributes, backend }: KernelParams<I, A>): tf.TensorInfo[] => {
    const cpu = backend as tf.MathBackendCPU;
    const values = mapValues(inputs, (tensor) => cpuValues(cpu, tensor));
    const shapes = spec.outputShapes({ inputs, attributes });
    const outputs = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape(shape)));
    const replace = (input: I, data: Float32Array) => replaceCpuValues(cpu, inputs[input], data);
    spec.cpu({ inputs, attributes, values, outputs, replace });
    return shapes.map((shape, i) => cpu.makeTensorInfo(shape, 'float32', outputs[i]));
  };
}

function webgpuKernel<I extends string, A extends object>(spec: KernelSpec<I, A>) {
  return ({ inputs, attrs: attributes, backend }: KernelParams<I, A>): tf.TensorInfo[] => {
    const webgpu = backend as WebGPUBackend;
    meetBackend(webgpu);
    const allocate = (shape: number[]) => webgpu.makeTensorInfo(shape, 'float32');
    const outputs = spec.outputShapes({ inputs, attributes }).map(allocate);
    const scratches: tf.TensorInfo[] = [];
    const scratch = (shape: number[]) => {
      const tensor = allocate(shape);
      scratches.push(tensor);
      return tensor;
    };
    spec.webgpu({ inputs, attributes, backend: webgpu, outputs, scratch });
    // The backend keeps their buffers until the batch that uses them has been submitted.
    for (const { dataId } of scratches) webgpu.disposeData(dataId);
    return outputs;
  };
}

function wasmKernel<I extends string, A extends object>(spec: KernelSpec<I, A>) {
  return ({ inputs, attrs: attributes, backend }: KernelParams<I, A>): tf.TensorInfo[] => {
    const wasm = backend as BackendWasm;
    const run: WasmCall<I, A>['run'] = (kernel, tensors, attrs = {}) =>
      tf.getKernel(kernel, 'wasm').kernelFunc({
        inputs: tensors as tf.NamedTensorInfoMap,
        attrs: attrs as tf.NamedAttrMap,
        backend: wasm,
      }) as tf.TensorInfo;
    if (spec.wasm) return spec.wasm({ inputs, attributes, backend: wasm, run });
    const outputs = spec
      .outputShapes({ inputs, attributes })
      .map((shape) => wasm.makeOutput(shape, 'float32'));
    // Views of the heap, made last: whatever allocates may move it.
    const arrays = outputs.map((output) =>
      spec.writesAll ? heapValues(output) : heapValues(output).fill(0),
    );
    const values = mapValues(inputs, heapValues);
    const replace = (input: I, data: Float32Array) => replaceHeapValues(inputs[input], data);
    spec.cpu({ inputs, attributes, values, outputs: arrays, replace });
    return outputs;
  };
}

function gradientConfig<I extends string, A extends object>(
  kernelName: string,
  { save, saveOutputs = [], of }: NonNullable<KernelSpec<I, A>['gradient']>,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...save],
    outputsToSave: [...saveOutputs],
    gradFunc: (dy, saved, attrs) => {
      const inputs = Object.fromEntries(save.map((input, i) => [input, saved[i]])) as Record<I, tf.Tensor>;
      const outputs = saved.slice(save.length);
      const attributes = attrs as unknown as A;
      return of(Array.isArray(dy) ? dy : [dy], { inputs, outputs, attributes }) as ReturnType<tf.GradFunc>;
    },
  };
}

function mapValues<K extends string, V, W>(record: Record<K, V>, map: (value: V) => W): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value)])) as Record<
    K,
    W
  >;
}
