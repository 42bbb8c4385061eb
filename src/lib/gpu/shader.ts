// Compiles WGSL so that a mistake is heard: inside an error scope, with the compiler's messages (line, column,
// text) in the sink of GPU errors. WebGPU itself would go on with a broken pipeline and hand back zeros.
import { GpuFault } from './errors';
import { faults } from './faults';

export interface PipelineSource {
  /** Shown in messages and GPU profilers. */
  name: string;
  /** Complete WGSL with one `@compute` entry point. */
  code: string;
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
    (error) => (error ? reportFault(name, module, error) : undefined),
    () => undefined,
  );
  return pipeline;
}

async function reportFault(name: string, module: GPUShaderModule, error: GPUError): Promise<void> {
  const messages = await messagesOf(module);
  faults.report(new GpuFault([`Shader ${name} does not compile.`, ...messages, error.message].join('\n')));
}

/** Everything the compiler says about a shader, warnings included: "error 12:7: text". Empty for a clean one. */
export async function compilationMessages(device: GPUDevice, code: string): Promise<string[]> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const [messages, error] = await Promise.all([messagesOf(module), device.popErrorScope()]);
  return messages.length === 0 && error ? [error.message] : messages;
}

async function messagesOf(module: GPUShaderModule): Promise<string[]> {
  const { messages } = await module.getCompilationInfo();
  return messages.map(({ type, lineNum, linePos, message }) => `${type} ${lineNum}:${linePos}: ${message}`);
}
