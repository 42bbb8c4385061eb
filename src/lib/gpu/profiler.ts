// Times every dispatch on a device with timestamp queries: while it runs, each gets a compute pass of its own, since WebGPU
// tells times at the ends of passes only. Whoever encodes passes (tfjs, a program, a captured plan) need not know.
import { RemedyError } from '../errors';

/** One dispatch: its pipeline's label, and how long the GPU took. */
export interface DispatchTime {
  shader: string;
  nanoseconds: number;
}

/** All dispatches of one shader. */
export interface ShaderTime {
  shader: string;
  dispatches: number;
  milliseconds: number;
}

/** Two queries a dispatch; WebGPU allows so many a set. */
const QUERIES = 4096;
const BYTES = 8;

export class TimestampsMissing extends RemedyError {
  override readonly name = 'TimestampsMissing';
  constructor() {
    super(
      'This adapter tells no times of what it computes.',
      'Take a device with the feature timestamp-query; browsers without it have a switch for developers.',
    );
  }
}

/**
 * Profiles work. What was encoded before has to be submitted before (backend.ts: flush), and what the work encodes, by its end.
 * Browsers round times to a tenth of a millisecond unless told otherwise.
 * @returns every dispatch, in the order in which they were encoded
 * @throws TimestampsMissing, and what the work throws
 */
export async function profile(device: GPUDevice, work: () => Promise<void>): Promise<DispatchTime[]> {
  if (!device.features.has('timestamp-query')) throw new TimestampsMissing();
  const stopwatch = new Stopwatch(device);
  const { createCommandEncoder } = device;
  device.createCommandEncoder = (descriptor) =>
    stopwatch.watch(createCommandEncoder.call(device, descriptor));
  try {
    await work();
  } finally {
    // The device's own again, which its prototype has.
    Reflect.deleteProperty(device, 'createCommandEncoder');
    if (device.createCommandEncoder !== createCommandEncoder)
      device.createCommandEncoder = createCommandEncoder;
  }
  return stopwatch.read();
}

/** By shader, the slowest first. */
export function byShader(times: readonly DispatchTime[]): ShaderTime[] {
  const shaders = new Map<string, ShaderTime>();
  for (const { shader, nanoseconds } of times) {
    const sum = shaders.get(shader) ?? { shader, dispatches: 0, milliseconds: 0 };
    sum.dispatches++;
    sum.milliseconds += nanoseconds / 1e6;
    shaders.set(shader, sum);
  }
  return [...shaders.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

class Stopwatch {
  readonly #sets: GPUQuerySet[] = [];
  readonly #shaders: string[] = [];

  constructor(private readonly device: GPUDevice) {}

  /** The encoder's compute passes from now on time what they dispatch. */
  watch(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (descriptor) =>
      // Somebody takes times already.
      descriptor?.timestampWrites
        ? begin(descriptor)
        : (new TimedPass((shader) => begin(this.#next(shader))) as unknown as GPUComputePassEncoder);
    return encoder;
  }

  #next(shader: string): GPUComputePassDescriptor {
    const query = 2 * this.#shaders.length;
    const at = query % QUERIES;
    if (at === 0) this.#sets.push(this.device.createQuerySet({ type: 'timestamp', count: QUERIES }));
    this.#shaders.push(shader);
    const querySet = this.#sets.at(-1)!;
    return {
      timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 },
    };
  }

  async read(): Promise<DispatchTime[]> {
    const times: DispatchTime[] = [];
    for (const [i, set] of this.#sets.entries()) {
      const shaders = this.#shaders.slice((i * QUERIES) / 2, ((i + 1) * QUERIES) / 2);
      const stamps = await this.#stampsOf(set, 2 * shaders.length);
      shaders.forEach((shader, j) => {
        // A clock that is set back between two readings would give less than nothing.
        const nanoseconds = Math.max(0, Number(stamps[2 * j + 1]! - stamps[2 * j]!));
        times.push({ shader, nanoseconds });
      });
      set.destroy();
    }
    return times;
  }

  async #stampsOf(set: GPUQuerySet, count: number): Promise<BigUint64Array> {
    const { device } = this;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = BYTES * count;
    const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    const readable = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
    try {
      const encoder = device.createCommandEncoder();
      encoder.resolveQuerySet(set, 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
      device.queue.submit([encoder.finish()]);
      await readable.mapAsync(GPUMapMode.READ);
      return new BigUint64Array(readable.getMappedRange().slice(0));
    } finally {
      resolved.destroy();
      readable.destroy();
    }
  }
}

/** Stands for a compute pass and opens a real one for each dispatch. */
class TimedPass {
  readonly label = '';
  readonly #groups = new Map<number, unknown[]>();
  #pipeline: GPUComputePipeline | null = null;

  /** @param open opens the pass in which a shader's next dispatch is timed */
  constructor(private readonly open: (shader: string) => GPUComputePassEncoder) {}

  setPipeline(pipeline: GPUComputePipeline): void {
    this.#pipeline = pipeline;
  }

  setBindGroup(index: number, ...group: unknown[]): void {
    this.#groups.set(index, group);
  }

  dispatchWorkgroups(x: number, y?: number, z?: number): void {
    this.#timed((pass) => pass.dispatchWorkgroups(x, y, z));
  }

  dispatchWorkgroupsIndirect(buffer: GPUBuffer, offset: number): void {
    this.#timed((pass) => pass.dispatchWorkgroupsIndirect(buffer, offset));
  }

  #timed(dispatch: (pass: GPUComputePassEncoder) => void): void {
    const pass = this.open(this.#pipeline!.label);
    pass.setPipeline(this.#pipeline!);
    const bind = pass.setBindGroup.bind(pass) as (index: number, ...group: unknown[]) => void;
    for (const [index, group] of this.#groups) bind(index, ...group);
    dispatch(pass);
    pass.end();
  }

  end(): void {}
  pushDebugGroup(): void {}
  popDebugGroup(): void {}
  insertDebugMarker(): void {}
}
