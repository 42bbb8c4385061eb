// Published weights from the Hugging Face Hub or a mirror of it, kept for the next time. Where the table knows the file's
// SHA-256 the whole file is fetched and has to have it. Where it does not, only the needed tensors are fetched (for B6 32
// MB of 172): nothing verifies them the first time but the connection to the source; their SHA-256 is recorded then, and
// later downloads from that source must have it. Transport is in hub/, the tables in hubTable.ts and table.ts.
import type { RemedyError } from '../../errors';
import type { KeptEntry, WeightCache } from './cache';
import type { TransferOptions } from './connection';
import { DownloadCancelled, NotPublished, WrongHash } from './errors';
import { keep, PINNED, readKept, readKey, type Hashed, type Tensors } from './keptWeights';
import { RemoteFile } from './remoteFile';
import { RemoteTensors } from './remoteTensors';
import { isPublished, parseBackboneId, publishedWeights, weightsOf } from '../hubTable';
import { sha256OfTensors } from '../digest';
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
  /** SHA-256 that the whole file must have; null: not known. Default: what the table says of revision main. */
  pinned?: string | null;
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

/** How a source of weights is called among those that are kept: `hub`, or a mirror's address. */
export const sourceName = (baseUrl = HUB_URL): string =>
  baseUrl === HUB_URL ? 'hub' : baseUrl.replace(/^https?:\/\//, '').slice(0, LONGEST_SOURCE);

/** A folder's names have an end. */
const LONGEST_SOURCE = 80;

/**
 * The name under which weights are kept, with their digest or their source beside it (keptWeights.ts). Weights that end
 * before the whole plan does have a name of their own, by their last block.
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

/**
 * Weights of an earlier download that reach as far as these taps, without the network; null when there are none.
 * @param baseUrl where they must be from, unless their digest is known
 */
export async function keptFromHub(
  id: string,
  { cache, revision, taps, baseUrl }: Pick<HubOptions, 'cache' | 'revision' | 'taps' | 'baseUrl'>,
): Promise<HubWeights | null> {
  if (!isPublished(id)) return null;
  const plan = planForTaps(parseBackboneId(id).architecture, taps);
  const entries = await cache.list();
  const sources = [PINNED, sourceName(baseUrl)];
  for (const key of sufficientKeys(id, entries, { revision, taps })) {
    const kept = await readKept(cache, key, sources);
    if (kept && holdsAll(kept.tensors, plan)) {
      return { id: taggedId(id), ...kept, received: 0, fileBytes: null, notKept: null };
    }
  }
  return null;
}

/** What of a cache was had from an address, or is as good from anywhere. */
export function keptFor(entries: readonly KeptEntry[], baseUrl?: string): KeptEntry[] {
  const sources = [PINNED, sourceName(baseUrl)];
  const read = entries.map((entry) => ({ entry, key: readKey(entry.key) }));
  const names = new Set(
    read.flatMap(({ key }) => (key && 'source' in key && sources.includes(key.source) ? [key.name] : [])),
  );
  return read.flatMap(({ entry, key }) => (key && names.has(key.name) ? [entry] : []));
}

/** Those of a cache's names whose weights reach as far as these taps, the smallest first. */
export function sufficientKeys(
  id: string,
  entries: readonly KeptEntry[],
  { revision = 'main', taps }: Pick<HubOptions, 'revision' | 'taps'>,
): string[] {
  const { architecture } = parseBackboneId(id);
  const first = planForTaps(architecture, taps).blocks.length;
  const lengths = wholePlan(architecture).blocks.map((_, index) => index + 1);
  const read = entries.map(({ key }) => readKey(key));
  const present = new Set(read.flatMap((key) => (key && 'sha256' in key ? [key.name] : [])));
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
  const pinned = pinnedOf(id, options);
  const missing = file.ignoresRanges ? 0 : pinned ? remote.bytes : remote.missingBytes(names);
  report({ phase: 'tensors', total: progress.received + missing });
  if (pinned) {
    const found = await sha256OfTensors([{ bytes: await remote.whole() }]);
    if (found !== pinned) throw new WrongHash(taggedId(id), pinned, found);
  }
  const tensors = await remote.read(names);

  report({ phase: 'check' });
  const key = cacheKey(id, options.revision, options.taps);
  const source = pinned ? PINNED : sourceName(options.baseUrl);
  const kept = await keep(options.cache, key, source, { id: taggedId(id), tensors });
  const { received } = progress;
  return { id: taggedId(id), tensors, ...kept, verified: pinned !== null, received, fileBytes: file.size };
}

/** What the whole file must have; the table speaks of the revision that is published now. */
function pinnedOf(id: string, { pinned, revision = 'main' }: HubOptions): string | null {
  if (pinned !== undefined) return pinned;
  return revision === 'main' ? (weightsOf(id)?.sha256 ?? null) : null;
}

function taggedId(id: string): string {
  const { architecture } = parseBackboneId(id);
  const weights = weightsOf(id);
  if (weights) return `${architecture}.${weights.tag}`;
  const twin = `tf_${architecture}`;
  throw new NotPublished(id, publishedWeights(twin).length > 0 ? twin : null);
}
