// How much memory a training takes, estimated from the settings alone, before weights are fetched or anything is computed; and
// whether that is there. The estimate is held to what the ledger counts (bench/ledger.json) and errs by a fifth at most.
import { costOf, largestMap } from '../../lib/backbones/cost';
import { parseBackboneId } from '../../lib/backbones/hubTable';
import { cellsAlong, channelsOf } from '../../lib/backbones/plan';
import { planForTaps, possibleTaps, resolveTaps } from '../../lib/backbones/taps';
import { modelConfig, type ModelConfig } from '../../lib/methods/grad/config';
import { framingOf } from '../../settings/framing';
import { isGridMethod, looksAtPixels } from '../../settings/methods';
import { presetParams, type PresetName } from '../../settings/presets';
import { PARAMS, type Params } from '../../settings/table';
import type { Ceiling } from '../adapter/memoryRoom';
import { NotEnoughMemory } from '../api/errors';

/** Bytes. */
export interface MemoryNeed {
  /** Everything at once: weights, and the larger of what features and an optimiser step take. */
  all: number;
  /** The largest tensor. */
  tensor: number;
}

const FLOAT = 4;
/** Channels of features after the projection that the bundled weights bring. */
const PROJECTED = 32;
/** Value, gradient and both moments of a parameter. */
const PER_PARAMETER = 4;
/** Maps of phi's size that a step keeps beside the decoders' layers: coordinates, queries, losses and their gradients. */
const PER_STEP = 40;
/** Maps as large as the network's largest that are there at once, in tfjs's pool of buffers too. */
const PER_IMAGE = 6;
/** On the processor: XNNPACK's packed copy of the weights, and what its allocator leaves between tensors. */
const WASM = { weights: 2, step: 1.3 };

/**
 * What a training with these settings takes. @param batch images a pass when features are computed; @param wasm on the processor
 * @returns null where that is not known: another backbone than those of the table, or a method that trains on pixels
 */
export function memoryNeed(
  params: Params,
  { batch, wasm }: { batch: number; wasm: boolean },
): MemoryNeed | null {
  if (looksAtPixels(params.method)) return null;
  const planned = plannedFeatures(params);
  if (!planned) return null;
  const { shape, plan, size } = planned;
  const map = FLOAT * largestMap(plan, size.height, size.width);
  const step = isGridMethod(params.method)
    ? stepNeed(modelConfig({ ...params, method: params.method }, shape), params.batch)
    : memorised(params, shape);
  const weights = costOf(plan, size.width).bytes * (wasm ? WASM.weights : 1);
  const training = step.all * (wasm ? WASM.step : 1);
  return {
    all: weights + Math.max(training, PER_IMAGE * batch * map),
    tensor: Math.max(step.tensor, batch * map),
  };
}

interface Shape {
  height: number;
  width: number;
  channels: number;
}

/** The features that the settings come to, from the table of backbones. */
function plannedFeatures(params: Params) {
  try {
    const { architecture } = parseBackboneId(params.backbone);
    const wanted = possibleTaps(architecture, params.taps);
    const taps = resolveTaps(architecture, wanted);
    const plan = planForTaps(architecture, wanted);
    const size = framingOf(params);
    const channels = params.project ? PROJECTED : taps.reduce((sum, tap) => sum + channelsOf(plan, tap), 0);
    const cells = (pixels: number) => cellsAlong(plan, taps[0]!, pixels);
    const shape: Shape = { height: cells(size.height), width: cells(size.width), channels };
    return { shape, plan, size };
  } catch {
    // Settings that name what does not exist are refused elsewhere, in words of their own.
    return null;
  }
}

/** An optimiser step of stage 2, which trains both branches; with one grid, of that. */
function stepNeed(config: ModelConfig, batch: number): MemoryNeed {
  const { height, width, channels, blocks, decoder, method, localGrid, globalGrid } = config;
  const branches = method === 'grad' ? 2 : 1;
  const inner = 2 * channels;
  const hidden = Math.round(inner * config.expansion);
  const mobile = decoder === 'mobile';
  const block = mobile ? 2 * inner * hidden + 9 * hidden + hidden ** 2 / 2 : 18 * inner ** 2;
  const kept = mobile ? 5 * hidden + 2 * inner : 4 * inner;
  const global = globalGrid ** 2 * height * width * channels;
  const parameters = blocks * block + 2 * channels ** 2 + localGrid ** 2 * channels + global;
  const cells = batch * height * width;
  return {
    all:
      FLOAT *
      (cells * (branches * blocks * kept + PER_STEP * channels) + PER_PARAMETER * branches * parameters),
    tensor: FLOAT * Math.max(global, cells * Math.max(inner, mobile ? hidden : 0)),
  };
}

/** What methods remember that are fitted instead: patches to choose from, or a covariance a place. */
function memorised(
  { method, coresetPool, padimFeatures, batch }: Params,
  { height, width, channels }: Shape,
): MemoryNeed {
  const cells = height * width;
  const tensor =
    method === 'patchcore'
      ? FLOAT * coresetPool * channels
      : method === 'padim'
        ? FLOAT * cells * Math.min(padimFeatures, channels) ** 2
        : FLOAT * batch * cells * channels;
  return { all: 2 * tensor + FLOAT * PER_STEP * batch * cells * channels, tensor };
}

/** The largest of the presets for everybody that comes first is offered where another does not fit. */
const OFFERED: readonly PresetName[] = ['paper', 'journal', 'balanced', 'demo'];

/**
 * What is wrong with training by these settings here: the first ceiling that it would pass, the sure ones first, with the
 * preset that fits. @returns null when nothing is
 */
export function memoryProblem(
  params: Params,
  ceilings: readonly Ceiling[],
  how: { batch: number; wasm: boolean },
): { error: NotEnoughMemory; sure: boolean } | null {
  const need = memoryNeed(params, how);
  const passed = (wanted: MemoryNeed | null) =>
    ceilings.filter(({ bytes, of }) => wanted && wanted[of] > bytes);
  const over = passed(need).sort((a, b) => Number(b.sure) - Number(a.sure))[0];
  if (!need || !over) return null;
  const fitting = OFFERED.find((preset) => passed(memoryNeed(presetParams(preset), how)).length === 0);
  const label = PARAMS.preset.options.find(({ value }) => value === fitting)?.label ?? null;
  return { error: new NotEnoughMemory(need[over.of], over, label), sure: over.sure };
}
