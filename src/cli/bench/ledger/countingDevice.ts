// A GPUDevice that computes nothing and counts everything: what a program asks of WebGPU, exactly and at once, without a
// driver. Buffers have sizes but no memory (uniforms and mapped ranges apart), shaders are read but not compiled, and
// every number that is read back is zero.
import type { Gpu } from '../../../lib/gpu/device';
import { readShader, uniformValues, type Shader } from './shaderText';

/** What was asked for since the last look. Bytes of buffers are of their sizes. */
export interface Counts {
  dispatches: number;
  /** Draw calls. */
  draws: number;
  submits: number;
  /** Compute and render passes. */
  passes: number;
  /** Buffers created, staging buffers included. */
  buffers: number;
  bufferBytes: number;
  /** `writeBuffer` calls. */
  writes: number;
  writeBytes: number;
  /** Buffers that are mapped at creation: what tfjs uploads tensors with. */
  uploads: number;
  uploadBytes: number;
  /** `mapAsync` calls. */
  reads: number;
  /** Copies between buffers and textures. */
  copies: number;
  pipelines: number;
}

/** One buffer that a dispatch has bound. */
export interface Binding {
  name: string;
  /** Whether the shader may write it. */
  written: boolean;
  bytes: number;
}

/** One `dispatchWorkgroups`. */
export interface Dispatch {
  /** The pipeline's label: the shader's file, or the class of one of tfjs's own programs. */
  shader: string;
  /** Storage buffers, in the order of their bindings; one that is bound twice stands here once. */
  bindings: Binding[];
  /** Members of the uniform struct, each as a list. */
  uniforms: Readonly<Record<string, readonly number[]>>;
  /** Values given to `override` declarations. */
  constants: Readonly<Record<string, number>>;
  workgroups: readonly [number, number, number];
}

const NOTHING: Counts = {
  dispatches: 0,
  draws: 0,
  submits: 0,
  passes: 0,
  buffers: 0,
  bufferBytes: 0,
  writes: 0,
  writeBytes: 0,
  uploads: 0,
  uploadBytes: 0,
  reads: 0,
  copies: 0,
  pipelines: 0,
};

/** As much as large adapters have. */
const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 31 - 4,
  maxBufferSize: 2 ** 32,
  maxComputeWorkgroupStorageSize: 32 * 2 ** 10,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBuffersPerShaderStage: 16,
  maxTextureDimension2D: 16_384,
  minUniformBufferOffsetAlignment: 256,
  minStorageBufferOffsetAlignment: 256,
};

/** Flags that WebGPU defines; there without a browser or Dawn too. */
const FLAGS = {
  GPUBufferUsage: {
    MAP_READ: 1, MAP_WRITE: 2, COPY_SRC: 4, COPY_DST: 8, INDEX: 16, VERTEX: 32, UNIFORM: 64, STORAGE: 128, INDIRECT: 256,
    QUERY_RESOLVE: 512,
  },
  GPUMapMode: { READ: 1, WRITE: 2 },
  GPUShaderStage: { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 },
  GPUTextureUsage: { COPY_SRC: 1, COPY_DST: 2, TEXTURE_BINDING: 4, STORAGE_BINDING: 8, RENDER_ATTACHMENT: 16 },
}; // prettier-ignore

export interface CountingOptions {
  /** Optional features that the device claims to have. */
  features?: readonly GPUFeatureName[];
}

/** What was counted, and the device that counts. */
export class CountingDevice {
  readonly #ledger = new Ledger();
  readonly #gpu: Gpu;

  constructor({ features = ['timestamp-query', 'shader-f16', 'subgroups'] }: CountingOptions = {}) {
    const adapterInfo = {
      vendor: '',
      architecture: '',
      device: '',
      description: 'counts and computes nothing',
    };
    this.#gpu = {
      device: new FakeDevice(this.#ledger, new Set(features)) as unknown as GPUDevice,
      adapterInfo: adapterInfo as unknown as GPUAdapterInfo,
      software: false,
    };
  }

  /** For startBackend(). */
  get gpu(): Gpu {
    return this.#gpu;
  }

  /** Since the last `restart`. */
  get counts(): Counts {
    return { ...this.#ledger.counts };
  }

  /** Since the last `restart`, in their order. */
  get dispatches(): readonly Dispatch[] {
    return [...this.#ledger.dispatches];
  }

  /** Bytes of buffers and textures that exist now. */
  get residentBytes(): number {
    return this.#ledger.bytes;
  }

  /** The most there ever were since the last `restart`. */
  get peakBytes(): number {
    return this.#ledger.peak;
  }

  /** Counts from zero; what exists stays. */
  restart(): void {
    this.#ledger.restart();
  }

  /**
   * Runs work that names WebGPU's globals: those of the device that counts stand in their places meanwhile. The clock
   * stands still, so that nothing is done because it is time to.
   */
  async pretend<T>(work: () => Promise<T>): Promise<T> {
    const gpu = { getPreferredCanvasFormat: () => 'bgra8unorm' };
    const globals = { ...FLAGS, GPUBuffer: FakeBuffer, GPUTexture: FakeTexture, navigator: { gpu } };
    const undo = Object.entries(globals).map(([name, value]) => replace(globalThis, name, value));
    undo.push(replace(performance, 'now', () => 0));
    try {
      return await work();
    } finally {
      undo.forEach((restore) => restore());
    }
  }

  /** A canvas to draw on; nothing appears. */
  canvas(width: number, height: number): OffscreenCanvas {
    const texture = new FakeTexture(new Ledger(), width, height);
    const context = { configure() {}, unconfigure() {}, getCurrentTexture: () => texture };
    return { width, height, getContext: () => context } as unknown as OffscreenCanvas;
  }
}

/** @returns what puts the property back as it was */
function replace(object: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  return () => (own ? Object.defineProperty(object, name, own) : void Reflect.deleteProperty(object, name));
}

class Ledger {
  counts: Counts = { ...NOTHING };
  dispatches: Dispatch[] = [];
  bytes = 0;
  peak = 0;

  restart(): void {
    this.counts = { ...NOTHING };
    this.dispatches = [];
    this.peak = this.bytes;
  }

  allocate(bytes: number): void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }
}

class FakeBuffer {
  readonly size: number;
  readonly usage: number;
  mapState = 'unmapped';
  /** Of a uniform buffer. */
  readonly content: Uint8Array | null;
  #mapped: ArrayBuffer | null = null;
  #alive = true;

  constructor(
    private readonly ledger: Ledger,
    { size, usage, mappedAtCreation = false }: GPUBufferDescriptor,
  ) {
    this.size = size;
    this.usage = usage;
    this.content = usage & FLAGS.GPUBufferUsage.UNIFORM ? new Uint8Array(size) : null;
    if (mappedAtCreation) this.mapState = 'mapped';
    ledger.counts.buffers++;
    ledger.counts.bufferBytes += size;
    if (mappedAtCreation) {
      ledger.counts.uploads++;
      ledger.counts.uploadBytes += size;
    }
    ledger.allocate(size);
  }

  async mapAsync(): Promise<void> {
    this.ledger.counts.reads++;
    this.mapState = 'mapped';
  }

  getMappedRange(offset = 0, size = this.size - offset): ArrayBuffer {
    if (offset === 0 && size === this.size) return (this.#mapped ??= new ArrayBuffer(size));
    return new ArrayBuffer(size);
  }

  unmap(): void {
    if (this.content && this.#mapped) this.content.set(new Uint8Array(this.#mapped));
    this.#mapped = null;
    this.mapState = 'unmapped';
  }

  destroy(): void {
    if (this.#alive) this.ledger.bytes -= this.size;
    this.#alive = false;
    this.#mapped = null;
  }
}

/** Four bytes a pixel. */
class FakeTexture {
  constructor(
    private readonly ledger: Ledger,
    readonly width: number,
    readonly height: number,
  ) {
    ledger.allocate(4 * width * height);
  }

  createView = () => ({});
  destroy = () => void (this.ledger.bytes -= 4 * this.width * this.height);
}

class FakeQueue {
  label = '';

  constructor(private readonly ledger: Ledger) {}

  submit(): void {
    this.ledger.counts.submits++;
  }

  writeBuffer(buffer: FakeBuffer, at: number, data: BufferSource, from = 0, size?: number): void {
    // Offsets and sizes of a typed array count its elements.
    const unit = 'BYTES_PER_ELEMENT' in data ? (data.BYTES_PER_ELEMENT as number) : 1;
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const written = bytes.subarray(unit * from, size === undefined ? undefined : unit * (from + size));
    this.ledger.counts.writes++;
    this.ledger.counts.writeBytes += written.length;
    buffer.content?.set(written, at);
  }

  writeTexture(): void {
    this.ledger.counts.writes++;
  }

  copyExternalImageToTexture(): void {
    this.ledger.counts.copies++;
  }

  async onSubmittedWorkDone(): Promise<void> {}
}

/** A pipeline, with what its shader says of itself. */
class FakePipeline {
  constructor(
    readonly label: string,
    readonly shader: Shader,
    readonly constants: Record<string, number>,
  ) {}

  getBindGroupLayout(): object {
    return {};
  }
}

interface FakeBindGroup {
  entries: { binding: number; buffer: FakeBuffer; offset: number; bytes: number }[];
}

class FakePass {
  readonly #groups = new Map<number, { group: FakeBindGroup; offsets: readonly number[] }>();
  #pipeline: FakePipeline | null = null;

  constructor(private readonly ledger: Ledger) {
    ledger.counts.passes++;
  }

  setPipeline(pipeline: FakePipeline): void {
    this.#pipeline = pipeline;
  }

  setBindGroup(index: number, group: FakeBindGroup, offsets: Iterable<number> = []): void {
    this.#groups.set(index, { group, offsets: [...offsets] });
  }

  dispatchWorkgroups(x: number, y = 1, z = 1): void {
    this.#record([x, y, z]);
  }

  dispatchWorkgroupsIndirect(): void {
    this.#record([1, 1, 1]);
  }

  #record(workgroups: Dispatch['workgroups']): void {
    const pipeline = this.#pipeline!;
    const { shader } = pipeline;
    this.ledger.counts.dispatches++;
    const bindings: Binding[] = [];
    const seen: { buffer: FakeBuffer; offset: number }[] = [];
    let uniforms: Dispatch['uniforms'] = {};
    for (const [index, { group, offsets }] of this.#groups) {
      for (const { binding, buffer, offset, bytes } of group.entries) {
        const declared = shader.bindings.get(`${index}:${binding}`);
        if (!declared) continue;
        if (declared.kind === 'uniform') {
          uniforms = uniformValues(shader, buffer.content!, offset + (offsets[0] ?? 0));
        } else if (!seen.some((other) => other.buffer === buffer && other.offset === offset)) {
          seen.push({ buffer, offset });
          bindings.push({ name: declared.name, written: declared.kind === 'written', bytes });
        }
      }
    }
    const { label, constants } = pipeline;
    this.ledger.dispatches.push({ shader: label, bindings, uniforms, constants, workgroups });
  }

  draw(): void {
    this.ledger.counts.draws++;
  }

  end(): void {}
}

class FakeEncoder {
  constructor(private readonly ledger: Ledger) {}

  beginComputePass = () => new FakePass(this.ledger);
  beginRenderPass = () => new FakePass(this.ledger);
  copyBufferToBuffer = () => void this.ledger.counts.copies++;
  copyTextureToBuffer = () => void this.ledger.counts.copies++;
  copyBufferToTexture = () => void this.ledger.counts.copies++;
  clearBuffer(): void {}
  resolveQuerySet(): void {}
  finish = () => ({});
}

class FakeDevice {
  readonly label = '';
  readonly limits = LIMITS;
  readonly queue: FakeQueue;
  readonly lost = new Promise<never>(() => undefined);
  readonly #shaders = new Map<string, Shader>();

  constructor(
    private readonly ledger: Ledger,
    readonly features: ReadonlySet<string>,
  ) {
    this.queue = new FakeQueue(ledger);
  }

  createBuffer = (descriptor: GPUBufferDescriptor) => new FakeBuffer(this.ledger, descriptor);

  createTexture({ size }: GPUTextureDescriptor): object {
    const [width, height = 1] = size as number[];
    return new FakeTexture(this.ledger, width!, height);
  }

  createShaderModule({ label = '', code }: GPUShaderModuleDescriptor): object {
    const shader = this.#shaders.get(code) ?? readShader(code);
    this.#shaders.set(code, shader);
    return { label, shader, getCompilationInfo: async () => ({ messages: [] }) };
  }

  createComputePipeline({ label, compute }: GPUComputePipelineDescriptor): FakePipeline {
    const { module, constants = {} } = compute as unknown as {
      module: { label: string; shader: Shader };
      constants?: Record<string, number>;
    };
    this.ledger.counts.pipelines++;
    return new FakePipeline(label ?? module.label, module.shader, constants);
  }

  createComputePipelineAsync = async (descriptor: GPUComputePipelineDescriptor) =>
    this.createComputePipeline(descriptor);

  createRenderPipeline(): object {
    this.ledger.counts.pipelines++;
    return { getBindGroupLayout: () => ({}) };
  }

  createBindGroup({ entries }: GPUBindGroupDescriptor): FakeBindGroup {
    const bound = [...entries].flatMap(({ binding, resource }) => {
      if (resource instanceof FakeBuffer)
        return [{ binding, buffer: resource, offset: 0, bytes: resource.size }];
      if (!('buffer' in (resource as object))) return [];
      const { buffer, offset = 0, size } = resource as unknown as FakeBinding;
      return [{ binding, buffer, offset, bytes: size ?? buffer.size - offset }];
    });
    return { entries: bound };
  }

  createBindGroupLayout = () => ({});
  createPipelineLayout = () => ({});
  createSampler = () => ({});
  createQuerySet = () => ({ destroy() {} });
  createCommandEncoder = () => new FakeEncoder(this.ledger);
  pushErrorScope(): void {}
  popErrorScope = async () => null;
  addEventListener(): void {}
  removeEventListener(): void {}
  destroy(): void {}
}

interface FakeBinding {
  buffer: FakeBuffer;
  offset?: number;
  size?: number;
}
