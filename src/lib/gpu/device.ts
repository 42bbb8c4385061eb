// The one device factory, for page, worker and Node: finds an adapter, tells three failures apart, and asks for
// everything the adapter can give that our kernels profit from. backend.ts puts tfjs on the result.
import { AdapterMissing, LimitsTooLow, WebGpuMissing, type LimitShortfall } from './errors';
import { faults } from './faults';

/** A device with what is known about the adapter behind it. */
export interface Gpu {
  device: GPUDevice;
  adapterInfo: GPUAdapterInfo;
  /** True when the adapter computes on the CPU (SwiftShader, lavapipe, WARP). */
  software: boolean;
}

/** What the kernels cannot do without: the guaranteed values of WebGPU, which a compatibility adapter may miss. */
const NEEDED = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
  maxComputeWorkgroupStorageSize: 16 * 2 ** 10,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxStorageBuffersPerShaderStage: 8,
} as const;

/**
 * Limits raised as high as the adapter goes: memory, because tables of the paper preset pass 128 MiB; shape of a
 * dispatch; storage buffers, because tfjs's addN of eight tensors is silently wrong with the default of eight.
 */
const RAISED = [
  ...keysOf(NEEDED),
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxTextureDimension2D',
] as const;

const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16', 'subgroups'];

/**
 * Opens the strongest adapter with its limits and features.
 * @param gpu the entry point; by default the browser's (or Dawn's, once node.ts has installed it)
 * @throws WebGpuMissing | AdapterMissing | LimitsTooLow
 */
export async function requestGpu(gpu: GPU | undefined = entryPoint()): Promise<Gpu> {
  if (!gpu) throw new WebGpuMissing();
  const adapter = await findAdapter(gpu);
  const shortfalls = limitShortfalls(adapter.limits);
  if (shortfalls.length > 0) throw new LimitsTooLow(shortfalls);
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED.map((limit) => [limit, adapter.limits[limit]])),
  });
  faults.watch(device);
  return { device, adapterInfo: adapter.info, software: isSoftware(adapter.info) };
}

/** `navigator.gpu`, or undefined where there is none (old browsers, plain Node). */
function entryPoint(): GPU | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
}

async function findAdapter(gpu: GPU): Promise<GPUAdapter> {
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (cause) {
    throw new AdapterMissing({ cause });
  }
  if (!adapter) throw new AdapterMissing();
  return adapter;
}

/** The limits that are below what the kernels need. */
export function limitShortfalls(limits: Pick<GPUSupportedLimits, keyof typeof NEEDED>): LimitShortfall[] {
  return keysOf(NEEDED)
    .map((limit) => ({ limit, needed: NEEDED[limit], present: limits[limit] }))
    .filter(({ needed, present }) => present < needed);
}

/** Whether the adapter's own words say that it computes on the CPU; browsers flag it, Dawn names the driver. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase();
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render|warp/.test(words);
}

function keysOf<T extends object>(object: T): (keyof T & string)[] {
  return Object.keys(object) as (keyof T & string)[];
}
