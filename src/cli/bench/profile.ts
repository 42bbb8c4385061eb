// `bench profile`: how long each kernel takes in each phase of a preset, by timestamp queries, and what of the arithmetic
// and the memory it reaches: what a dispatch has to do is counted beside (ledger/).
import { flush, settle, startBackend } from '../../lib/gpu/backend';
import { requestGpu, type Gpu } from '../../lib/gpu/device';
import { installDawn } from '../../lib/gpu/node';
import { byShader, profile, type DispatchTime } from '../../lib/gpu/profiler';
import { presetParams, type PresetName } from '../../settings/presets';
import { writeBytes } from '../data/files';
import { Progress } from '../output/progress';
import { alignColumns, SCHEMA } from '../output/report';
import { assertTargets } from '../output/targets';
import type { Terminal } from '../output/terminal';
import { costOf } from './ledger/costs';
import { countPhase, type Phase } from './ledger/phases';
import { PHASES, sceneOf, type PhaseName } from './scenes';

export interface ProfileRequest {
  preset: PresetName;
  json: string | null;
}

/** One shader in a phase. Rates are null where what was counted is not what was timed. */
export interface KernelTime {
  shader: string;
  dispatches: number;
  milliseconds: number;
  /** Of the phase's time on the GPU. */
  share: number;
  /** Thousand millions of operations, and of bytes, a second. */
  gflops: number | null;
  gigabytes: number | null;
}

export interface PhaseTimes {
  phase: PhaseName;
  milliseconds: number;
  kernels: KernelTime[];
}

/** @throws TimestampsMissing, WebGpuMissing, AdapterMissing */
export async function profilePreset({ preset, json }: ProfileRequest, terminal: Terminal): Promise<void> {
  if (json && json !== '-') await assertTargets([json], []);
  const progress = new Progress(terminal);
  await installDawn({ exactTimes: true });
  const gpu = await requestGpu();
  const phases: PhaseTimes[] = [];
  for (const phase of PHASES) {
    progress.update(`timing ${preset}, ${phase}`);
    const times = await profilePhase(gpu, preset, phase);
    if (times) phases.push(times);
  }
  progress.clear();
  const { vendor, architecture, description } = gpu.adapterInfo;
  const adapter = { vendor, architecture, description, software: gpu.software };
  const document = `${JSON.stringify({ schema: SCHEMA, adapter, preset, phases }, null, 2)}\n`;
  if (json === '-') return terminal.out(document);
  terminal.out(`${[description, ...phases.flatMap(profileTable)].join('\n')}\n`);
  if (json) await writeBytes(json, document);
}

/**
 * Times one phase once it is warm; null when the preset has no such stage. tfjs is on this GPU afterwards, anew.
 * @throws TimestampsMissing
 */
export async function profilePhase(
  gpu: Gpu,
  preset: PresetName,
  phase: PhaseName,
): Promise<PhaseTimes | null> {
  const features = [...gpu.device.features] as GPUFeatureName[];
  const counted = await countPhase(preset, phase, { features });
  await startBackend(gpu);
  const scene = await sceneOf(phase, { params: presetParams(preset), random: true, canvas: null });
  if (!scene) return null;
  try {
    await scene.work();
    await scene.work();
    await settle();
    const times = await profile(gpu.device, async () => {
      await scene.work();
      flush();
    });
    const milliseconds = times.reduce((sum, { nanoseconds }) => sum + nanoseconds / 1e6, 0);
    return { phase, milliseconds, kernels: kernelsOf(times, counted, milliseconds) };
  } finally {
    await scene.end();
  }
}

/** What was timed, by shader, with rates where the same dispatches were counted. */
function kernelsOf(times: readonly DispatchTime[], counted: Phase | null, all: number): KernelTime[] {
  const costs = costsOf(times, counted);
  return byShader(times).map((time) => {
    const cost = costs?.get(time.shader);
    const rate = (amount: number) => amount / time.milliseconds / 1e6;
    return {
      ...time,
      share: time.milliseconds / all,
      gflops: cost ? rate(cost.flops) : null,
      gigabytes: cost ? rate(cost.bytes) : null,
    };
  });
}

/** What each shader has to do; null when other dispatches were counted than timed. */
function costsOf(times: readonly DispatchTime[], counted: Phase | null) {
  const shaders = (list: readonly { shader: string }[]) => list.map(({ shader }) => shader).join(' ');
  if (!counted || shaders(times) !== shaders(counted.dispatches)) return null;
  const costs = new Map<string, { flops: number; bytes: number }>();
  for (const dispatch of counted.dispatches) {
    const sum = costs.get(dispatch.shader) ?? { flops: 0, bytes: 0 };
    const { flops, bytes } = costOf(dispatch) ?? { flops: 0, bytes: 0 };
    costs.set(dispatch.shader, { flops: sum.flops + flops, bytes: sum.bytes + bytes });
  }
  return costs;
}

/** Kernels that take less of a phase than this are added up in one line. */
const LEAST_SHARE = 0.005;

/** One phase as lines. */
export function profileTable({ phase, milliseconds, kernels }: PhaseTimes): string[] {
  const number = (value: number | null) => (value === null ? '' : value.toPrecision(3));
  const large = kernels.filter(({ share }) => share >= LEAST_SHARE);
  const rest = kernels.slice(large.length);
  const rows = large.map(({ shader, dispatches, milliseconds: ms, share, gflops, gigabytes }) => [
    shader,
    String(dispatches),
    ms.toPrecision(3),
    `${(100 * share).toFixed(1)} %`,
    number(gflops),
    number(gigabytes),
  ]);
  const sum = (of: (kernel: KernelTime) => number) => rest.reduce((total, kernel) => total + of(kernel), 0);
  if (rest.length > 0) {
    const share = `${(100 * sum((kernel) => kernel.share)).toFixed(1)} %`;
    rows.push([
      `${rest.length} others`,
      String(sum((kernel) => kernel.dispatches)),
      sum((kernel) => kernel.milliseconds).toPrecision(3),
      share,
      '',
      '',
    ]);
  }
  const title = `${phase}: ${milliseconds.toPrecision(3)} ms on the GPU`;
  return ['', title, ...alignColumns([['', 'dispatches', 'ms', 'share', 'GFLOP/s', 'GB/s'], ...rows])];
}
