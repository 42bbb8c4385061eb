// Tells from a weights file which architecture it belongs to, by tensor names and shapes. Tensors beyond those
// needed (a classifier, deeper stages, counters) are ignored; further blocks inside a needed stage are not: they
// are what tells B1 from B0.
import type { SafetensorsFile } from '../formats/safetensors';
import { MissingTensor, WrongArchitecture, WrongPatch, WrongShape } from './errors';
import { parseBackboneId, publishedWeights } from './hubTable';
import { embeddingOf, neededTensors, stagesOf } from './plan';
import { BACKBONE_IDS, wholePlan } from './table';
import { PATCH_FILTER } from './vit/layers';

type Tensors = ReadonlyMap<string, { shape: readonly number[] }>;

export interface Identity {
  /** Architecture, with the published tag when metadata or file name tell it: `tf_efficientnet_b6.ap_in1k`. */
  id: string;
  /** All architectures with these very tensors: EfficientNet's two paddings cannot be told apart by them. */
  candidates: string[];
  /** Whether the file itself or its name says which of the candidates it is, or there is only one. */
  certain: boolean;
}

/** Below this share of fitting tensors a file is called another architecture, above it a damaged one. */
const LIKENESS = 0.5;

/**
 * Which architecture a file holds. Where two share the same tensors, the file's metadata decide (`arch`), then its
 * name, then which of them has published weights, then the order of the table.
 * @param name the file's name, path or a wanted id: a hint only.
 * @throws WrongArchitecture, MissingTensor, WrongShape, WrongPatch.
 */
export function identifyArchitecture(
  file: Pick<SafetensorsFile, 'metadata'> & { tensors: Tensors },
  name = '',
): Identity {
  const candidates = BACKBONE_IDS.filter((id) => likeness(id, file.tensors) === 1);
  if (candidates.length === 0) throw explain(file.tensors);
  for (const hint of [file.metadata['arch'] ?? '', fileStem(name)]) {
    const { architecture, tag } = parseBackboneId(hint);
    if (!candidates.includes(architecture)) continue;
    const published = publishedWeights(architecture).some((weights) => weights.tag === tag);
    return { id: published ? hint : architecture, candidates, certain: true };
  }
  const published = candidates.find((id) => publishedWeights(id).length > 0);
  return { id: published ?? candidates[0]!, candidates, certain: candidates.length === 1 };
}

/**
 * Checks that tensors are those of one given architecture.
 * @param plan how far they must reach. @throws WrongArchitecture when they are another's, MissingTensor, WrongShape, WrongPatch.
 */
export function assertArchitecture(
  architecture: string,
  tensors: Tensors,
  plan = wholePlan(architecture),
): void {
  const like = likeness(architecture, tensors, plan);
  if (like === 1) return;
  const other = BACKBONE_IDS.find((id) => likeness(id, tensors) === 1);
  if (other !== undefined) {
    const remedy = `Choose ${other} as the backbone, or a file of ${architecture}.`;
    throw new WrongArchitecture(`The file holds ${other}, not ${architecture}.`, remedy);
  }
  throw (like >= LIKENESS && faultOf(architecture, tensors, plan)) || explain(tensors);
}

/**
 * Share of an architecture's tensors that are there in the right shape; blocks that it does not have in stages
 * that it has count against it.
 */
function likeness(id: string, tensors: Tensors, plan = wholePlan(id)): number {
  const needed = neededTensors(plan);
  const fitting = [...needed].filter(([name, shape]) => sameShape(tensors.get(name)?.shape, shape));
  return fitting.length / (needed.size + foreignTensors(id, tensors));
}

/** How many tensors lie in blocks that the architecture lacks, inside its stages. */
function foreignTensors(id: string, tensors: Tensors): number {
  const plan = wholePlan(id);
  const blocks = new Set(plan.blocks.map((block) => block.name));
  const stages = stagesOf(plan);
  if (embeddingOf(plan)) return [...tensors.keys()].filter((name) => isForeignBlock(name, blocks)).length;
  return [...tensors.keys()].filter((name) => {
    const block = /^((?:blocks\.|layer)\d+)\.\d+(?=\.)/.exec(name);
    return block !== null && stages.includes(block[1]!) && !blocks.has(block[0]);
  }).length;
}

/** A transformer's blocks lie side by side: one more is a deeper network. */
function isForeignBlock(name: string, blocks: ReadonlySet<string>): boolean {
  const [block] = /^blocks\.\d+(?=\.)/.exec(name) ?? [];
  return block !== undefined && !blocks.has(block);
}

/** The error that says best why no architecture fits. */
function explain(tensors: Tensors): Fault | WrongArchitecture {
  const nearest = BACKBONE_IDS.map((id) => ({ id, like: likeness(id, tensors) })).reduce((a, b) =>
    b.like > a.like ? b : a,
  );
  const fault = nearest.like >= LIKENESS ? faultOf(nearest.id, tensors) : null;
  if (fault) return fault;
  const names = [...tensors.keys()].slice(0, 3).join(', ') || 'none';
  return new WrongArchitecture(
    `The file holds none of the known architectures (its first tensors: ${names}).`,
    `Load weights in timm's naming of ${BACKBONE_IDS.join(', ')}.`,
  );
}

type Fault = MissingTensor | WrongShape | WrongPatch;

function faultOf(id: string, tensors: Tensors, plan = wholePlan(id)): Fault | null {
  const needed = [...neededTensors(plan)];
  const missing = needed.map(([name]) => name).filter((name) => !tensors.has(name));
  if (missing.length > 0) return new MissingTensor(id, missing);
  const patch = embeddingOf(plan)?.stride;
  const filter = tensors.get(PATCH_FILTER)?.shape;
  if (patch && filter && filter[3] !== patch) return new WrongPatch(id, filter, patch);
  for (const [name, shape] of needed) {
    const found = tensors.get(name)!.shape;
    if (!sameShape(found, shape)) return new WrongShape(id, name, found, shape);
  }
  return null;
}

function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a !== undefined && a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `weights/tf_efficientnet_b6.ap_in1k.safetensors` -> `tf_efficientnet_b6.ap_in1k`. */
function fileStem(name: string): string {
  return name
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.safetensors$/i, '');
}
