// Published weights from the Hugging Face Hub or a mirror of it: only the tensors that are needed (for B6 32 MB of
// 172), checked by their hash, kept for the next time. Transport is in hub/, the tables in hubTable.ts and table.ts.
import type { RemedyError } from '../../errors';
import type { KeptEntry, WeightCache } from './cache';
import type { TransferOptions } from './connection';
import { DownloadCancelled, NotPublished } from './errors';
import { keep, readKept, type Hashed, type Tensors } from './keptWeights';
import { RemoteFile } from './remoteFile';
import { RemoteTensors } from './remoteTensors';
import { isPublished, parseBackboneId, publishedWeights, weightsOf } from '../hubTable';
import { assertArchitecture } from '../identify';
import { neededTensors, type Plan } from '../plan';
import { wholePlan } from '../table';
import { planForTaps } from '../taps';

export const HUB_URL = 'https://huggingface.co';
const OWNER = 'timm';
const FILE = 'model.safetensors';

export interface HubProgress {
  /** `header`: finding out what is where; `tensors`: the download itself; `check`: hashing and keeping. */
  phase: 'header' | 'tensors' | 'check';
  /** Bytes that came over the network so far, in all phases. */
  received: number;
  /** Bytes that will have come at the end; null while unknown. */
  total: number | null;
}

export interface HubOptions extends Omit<TransferOptions, 'onBytes'> {
  cache: WeightCache;
  /** The Hub or a mirror with the same paths, without a slash at its end. */
  baseUrl?: string;
  /** Branch, tag or commit. */
  revision?: string;
  /** Which features will be used: nothing deeper is fetched. Default: the standard ones, and so all the table knows. */
  taps?: string;
  onProgress?(progress: HubProgress): void;
}

export interface HubWeights extends Hashed {
  /** With its tag, whatever was asked for: `tf_efficientnet_b6.aa_in1k`. */
  id: string;
  /** The needed tensors alone, in the plan's order; `sha256` is over their bytes. */
  tensors: Tensors;
  /** Bytes that came over the network; 0 when the weights had been kept. */
  received: number;
  /** Size of the published file in bytes; null when kept or when the server does not tell. */
  fileBytes: number | null;
  /** Why they could not be kept for the next time, if so. */
  notKept: RemedyError | null;
}

/**
 * Where the weights an id means are published. The tag is optional: `tf_efficientnet_b6`.
 * @throws NotPublished, UnknownTag.
 */
export function hubUrl(
  id: string,
  { baseUrl = HUB_URL, revision = 'main' }: Partial<HubOptions> = {},
): string {
  return `${baseUrl}/${OWNER}/${taggedId(id)}/resolve/${revision}/${FILE}`;
}

/**
 * The key under which weights are kept: the same for every mirror. Weights that end before the whole plan does are
 * entries of their own, with their own hash, named by their last block.
 */
export function cacheKey(id: string, revision = 'main', taps?: string): string {
  return keyAt(id, revision, planForTaps(parseBackboneId(id).architecture, taps).blocks.length);
}

/** The key of weights up to the n-th block. */
function keyAt(id: string, revision: string, blocks: number): string {
  const whole = wholePlan(parseBackboneId(id).architecture).blocks;
  const key = `${taggedId(id)}@${revision}`;
  return blocks === whole.length ? key : `${key}:${whole[blocks - 1]!.name}`;
}

/**
 * Weights of a published backbone, from the cache or else from the network.
 * @throws NotPublished, UnknownTag, UnknownTap; HubNotFound, HubForbidden, HubBusy, Offline, HubUnreachable, ConnectionCut,
 * WrongRange, RangeIgnored, FileChanged; BadSafetensors, WrongArchitecture, MissingTensor, WrongShape; WrongHash;
 * DownloadCancelled. Nothing is kept then.
 */
export async function loadFromHub(id: string, options: HubOptions): Promise<HubWeights> {
  try {
    return (await keptFromHub(id, options)) ?? (await fetchWeights(id, options));
  } catch (error) {
    if (options.signal?.aborted) throw new DownloadCancelled(id);
    throw error;
  }
}

/** Weights of an earlier download that reach as far as these taps, without the network; null when there are none. */
export async function keptFromHub(
  id: string,
  { cache, revision, taps }: Pick<HubOptions, 'cache' | 'revision' | 'taps'>,
): Promise<HubWeights | null> {
  if (!isPublished(id)) return null;
  const plan = planForTaps(parseBackboneId(id).architecture, taps);
  for (const key of sufficientKeys(id, await cache.list(), { revision, taps })) {
    const kept = await readKept(cache, key);
    if (kept && holdsAll(kept.tensors, plan)) {
      return { id: taggedId(id), ...kept, received: 0, fileBytes: null, notKept: null };
    }
  }
  return null;
}

/** Those of a cache's entries whose weights reach as far as these taps, the smallest first. */
export function sufficientKeys(
  id: string,
  entries: readonly KeptEntry[],
  { revision = 'main', taps }: Pick<HubOptions, 'revision' | 'taps'>,
): string[] {
  const { architecture } = parseBackboneId(id);
  const first = planForTaps(architecture, taps).blocks.length;
  const lengths = wholePlan(architecture).blocks.map((_, index) => index + 1);
  const present = new Set(entries.map(({ key }) => key));
  return lengths
    .filter((length) => length >= first)
    .map((length) => keyAt(id, revision, length))
    .filter((key) => present.has(key));
}

/** Whether tensors reach as far as a plan does. */
export function holdsAll(tensors: ReadonlyMap<string, unknown>, plan: Plan): boolean {
  return [...neededTensors(plan).keys()].every((name) => tensors.has(name));
}

async function fetchWeights(id: string, options: HubOptions): Promise<HubWeights> {
  const { architecture } = parseBackboneId(id);
  const plan = planForTaps(architecture, options.taps);
  const progress: HubProgress = { phase: 'header', received: 0, total: null };
  const report = (change: Partial<HubProgress>) => {
    Object.assign(progress, change);
    options.onProgress?.({ ...progress });
  };
  const onBytes = (count: number) => {
    const received = progress.received + count;
    report({ received, ...(file.ignoresRanges && { phase: 'tensors', total: file.size }) });
  };
  const file = new RemoteFile(hubUrl(id, options), { ...options, onBytes });

  report({});
  const remote = await RemoteTensors.open(file);
  assertArchitecture(architecture, remote.header.entries);
  const names = [...neededTensors(plan).keys()];
  const missing = file.ignoresRanges ? 0 : remote.missingBytes(names);
  report({ phase: 'tensors', total: progress.received + missing });
  const tensors = await remote.read(names);

  report({ phase: 'check' });
  const key = cacheKey(id, options.revision, options.taps);
  const kept = await keep(options.cache, key, taggedId(id), tensors);
  return { id: taggedId(id), tensors, ...kept, received: progress.received, fileBytes: file.size };
}

function taggedId(id: string): string {
  const { architecture } = parseBackboneId(id);
  const weights = weightsOf(id);
  if (weights) return `${architecture}.${weights.tag}`;
  const twin = `tf_${architecture}`;
  throw new NotPublished(id, publishedWeights(twin).length > 0 ? twin : null);
}
