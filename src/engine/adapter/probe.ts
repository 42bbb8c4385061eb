// Looks at the adapter and suggests a preset, with the reason in one sentence.
import { calibrate } from '../../lib/gpu/calibrate';
import type { AdapterReport } from '../api/types';
import type { Computer, ProcessorTier } from './gpuSession';

/** From what speed of a 3x3 convolution on (GFLOP/s) a preset trains in minutes rather than hours. */
const BALANCED_FROM = 40;
const PAPER_FROM = 2000;

/** The adapter's words and, if asked, its measured speed (about 100 ms) and the preset that fits it. */
export async function reportAdapter(
  gpu: Computer,
  { probe, featuresOnProcessor }: { probe: boolean; featuresOnProcessor: boolean },
): Promise<AdapterReport> {
  const { vendor, architecture, description } = gpu.adapterInfo;
  const gflops = probe ? await calibrate() : 0;
  return {
    vendor,
    architecture,
    description,
    software: gpu.software,
    tier: gpu.device ? 'gpu' : 'processor',
    featuresOnProcessor: gpu.device !== null && featuresOnProcessor,
    gflops,
    ...(gpu.device ? suggest(gpu.software, gflops, featuresOnProcessor) : onProcessor(gpu, gflops)),
  };
}

/** Without a GPU: why, and what would be faster. */
function onProcessor({ why }: ProcessorTier, gflops: number): ReturnType<typeof suggest> {
  const speed = `The processor computes here, a 3x3 convolution at ${gflops.toFixed(gflops < 1 ? 2 : 1)} GFLOP/s.`;
  const faster = 'A graphics adapter would be faster.';
  const said = [
    ...why.map(({ message }) => message),
    speed,
    ...(why.length > 0 ? [faster] : []),
    ...why.map(({ remedy }) => remedy),
  ];
  return { suggestedPreset: 'demo', reason: said.join(' ') };
}

/** The preset for an adapter of this speed. */
export function suggest(
  software: boolean,
  gflops: number,
  featuresOnProcessor = false,
): Pick<AdapterReport, 'suggestedPreset' | 'reason'> {
  const speed = gflops >= 10 ? gflops.toFixed(0) : gflops.toFixed(1);
  const measured = `A 3x3 convolution runs at ${speed} GFLOP/s here`;
  if (software) {
    const there = featuresOnProcessor ? ' Features are computed there directly, which is faster.' : '';
    return {
      suggestedPreset: 'demo',
      reason: `${measured}: this adapter computes on the processor.${there}`,
    };
  }
  if (gflops < BALANCED_FROM)
    return { suggestedPreset: 'demo', reason: `${measured}, enough for the small preset.` };
  if (gflops < PAPER_FROM)
    return { suggestedPreset: 'balanced', reason: `${measured}, enough for larger images.` };
  return { suggestedPreset: 'paper', reason: `${measured}, enough for the paper’s own settings.` };
}
