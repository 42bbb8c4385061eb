// Compiles WGSL so that a mistake is heard: inside an error scope, with the compiler's messages (line, column,
// text) in the sink of GPU errors. WebGPU itself would go on with a broken pipeline and hand back zeros.
import { GpuFault } from './errors';
import { faults } from './faults';

/** What a `.wgsl` file imports as (scripts/wgsl.ts). All of it is read from the shader. */
export interface ShaderSource {
  /** The file's name without its ending; shown in messages and GPU profilers. */
  name: string;
  /** Complete WGSL: the file's own lines, then the pieces it imports. */
  code: string;
  /** Storage buffers that are read, by binding from 0. */
  inputs: readonly string[];
  /** Storage buffers that are written, by binding after the inputs. */
  outputs: readonly string[];
  /** Members of the uniform struct, which is bound last; without any there is none. `offset` in bytes. */
  uniforms: readonly { name: string; type: string; offset: number }[];
  /** Size of the uniform struct in bytes. */
  uniformBytes: number;
  /** Values of the `const` declarations that are whole numbers. */
  constants: Readonly<Record<string, number>>;
  /** `override` declarations; one without a default is required. */
  overrides: readonly { name: string; required: boolean }[];
  /** Null where an `override` has a part in it. */
  workgroupSize: readonly [x: number, y: number, z: number] | null;
}

/** A whole number that the shader declares as `const`: threads, tiles. @throws Error when it declares none */
export function constantOf({ name: shader, constants }: ShaderSource, name: string): number {
  const value = constants[name];
  if (value !== undefined) return value;
  const known = Object.keys(constants).join(', ') || 'none';
  throw new Error(`Shader ${shader} has no constant ${name}; it has ${known}.`);
}

export interface PipelineSource extends Pick<ShaderSource, 'name' | 'code'> {
  /** Values of the shader's `override` declarations; every name must be declared there. */
  constants: Record<string, number>;
  layout: GPUPipelineLayout;
}

/** A compute pipeline; what the compiler has against it reaches `faults` a moment later. */
export function compilePipeline(device: GPUDevice, source: PipelineSource): GPUComputePipeline {
  const { name, code, constants, layout } = source;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: name, code });
  const pipeline = device.createComputePipeline({ label: name, layout, compute: { module, constants } });
  // Rejects only when the device is lost, which the sink hears from the device itself.
  device.popErrorScope().then(
    (error) => (error ? reportFault(source, module, error) : undefined),
    () => undefined,
  );
  return pipeline;
}

async function reportFault(
  { name, code }: PipelineSource,
  module: GPUShaderModule,
  error: GPUError,
): Promise<void> {
  const messages = await messagesOf(module, code);
  faults.report(new GpuFault([`Shader ${name} does not compile.`, ...messages, error.message].join('\n')));
}

/** Everything the compiler says about a shader, warnings included: "error 12:7: text", and the line. Empty for a clean one. */
export async function compilationMessages(device: GPUDevice, code: string): Promise<string[]> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const [messages, error] = await Promise.all([messagesOf(module, code), device.popErrorScope()]);
  return messages.length === 0 && error ? [error.message] : messages;
}

async function messagesOf(module: GPUShaderModule, code: string): Promise<string[]> {
  const { messages } = await module.getCompilationInfo();
  const lines = code.split('\n');
  return messages.map(({ type, lineNum, linePos, message }) => {
    const line = lines[lineNum - 1]?.trim();
    return `${type} ${lineNum}:${linePos}: ${message}${line ? `\n    ${line}` : ''}`;
  });
}
