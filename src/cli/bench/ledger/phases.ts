// Counts the phases of a preset on a device that computes nothing.
import { startBackend } from '../../../lib/gpu/backend';
import { tf } from '../../../lib/gpu/tf';
import { presetParams, type PresetName } from '../../../settings/presets';
import { sceneOf, type PhaseName } from '../scenes';
import { CountingDevice, type CountingOptions, type Counts, type Dispatch } from './countingDevice';

/** What one phase asks of WebGPU once everything is warm. */
export interface Phase {
  counts: Counts;
  dispatches: readonly Dispatch[];
  /** Distinct pipelines from the start: what has to be compiled before. */
  pipelines: number;
  /** The most bytes there were at once during the phase. */
  peakBytes: number;
  /** What stays, tfjs's pool of free buffers included. */
  residentBytes: number;
}

/** Runs that come before the one that is counted: pipelines are compiled and tfjs's pool is filled. */
const WARM_UPS = 2;

/** Counts one phase of a preset; null when it has no such stage. Leaves tfjs on the backend it was on. */
export async function countPhase(
  preset: PresetName,
  phase: PhaseName,
  options: CountingOptions = {},
): Promise<Phase | null> {
  const before = tf.getBackend();
  const counting = new CountingDevice(options);
  return counting.pretend(async () => {
    await startBackend(counting.gpu);
    try {
      return await count(counting, preset, phase);
    } finally {
      tf.removeBackend('webgpu');
      if (before && before !== 'webgpu') await tf.setBackend(before);
    }
  });
}

async function count(counting: CountingDevice, preset: PresetName, phase: PhaseName): Promise<Phase | null> {
  const canvas = counting.canvas(512, 512);
  const scene = await sceneOf(phase, { params: presetParams(preset), random: false, canvas });
  if (!scene) return null;
  for (let run = 0; run < WARM_UPS; run++) await scene.work();
  const before = counting.counts.pipelines;
  counting.restart();
  await scene.work();
  const { counts, dispatches, peakBytes, residentBytes } = counting;
  await scene.end();
  return { counts, dispatches, pipelines: before + counts.pipelines, peakBytes, residentBytes };
}
