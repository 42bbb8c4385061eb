// Finds the weights that --backbone or a preset names: the bundled file, a file of the user's, or published ones, from
// the folder of kept weights or else from the Hub.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { BackboneNotHere, UnknownBackbone } from '../lib/backbones/errors';
import { FolderCache } from '../lib/backbones/hub/folderCache';
import type { RetryPolicy } from '../lib/backbones/hub/retry';
import { parseBackboneId } from '../lib/backbones/hubTable';
import { BACKBONE_IDS, BUNDLED_BACKBONE } from '../lib/backbones/table';
import { resolveTaps } from '../lib/backbones/taps';
import { HubDownload } from '../engine/features/hubDownload';
import type { EngineEvent } from '../engine/api/types';
import { writeSafetensors } from '../lib/formats/safetensors';
import { looksAtPixels } from '../settings/methods';
import type { Params } from '../settings/table';
import { readBytes } from './data/files';
import { describeEvent, Progress } from './output/progress';
import { bundledPath } from './root';
import type { Terminal } from './output/terminal';

/** Weights as the engine takes them. */
export interface BackboneFile {
  name: string;
  bytes: ArrayBuffer;
  /** Architecture to take the file for; without it the file and its name decide. */
  as?: string;
}

/** How to get weights that are not on this machine. */
export interface Download {
  /** Base URL of a mirror; null for the Hub itself. */
  hub: string | null;
  terminal: Terminal;
  /** Features to come: nothing deeper is fetched. Default: the standard ones. */
  taps?: string;
  /** Where weights are kept. Default: the user's folder for such things. */
  folder?: string;
  retry?: RetryPolicy;
}

const BUNDLED_FILE = `weights/${BUNDLED_BACKBONE}.safetensors`;

/** The weights that settings ask for; null for a method that looks at the pixels. @throws what findBackbone throws */
export async function weightsFor(
  { method, backbone, taps }: Params,
  download: Omit<Download, 'taps'>,
): Promise<BackboneFile | null> {
  return looksAtPixels(method) ? null : findBackbone(backbone, { ...download, taps });
}

/**
 * @param wanted `mini_resnet`, the path of a .safetensors file, `ID=FILE` for a file that does not say what it is, or
 * the id of a known architecture
 * @param download without it nothing is fetched
 * @throws BackboneNotHere for an architecture whose weights may not be fetched, UnknownBackbone, UnknownTap,
 * FileUnreadable; what loadFromHub throws
 */
export async function findBackbone(wanted: string, download?: Download): Promise<BackboneFile> {
  const named = namedFile(wanted);
  if (named) return { name: basename(named.path), bytes: await readBytes(named.path), as: named.id };
  const path = backbonePath(wanted);
  if (existsSync(path) || looksLikePath(path)) return { name: basename(path), bytes: await readBytes(path) };
  const { architecture } = parseBackboneId(wanted);
  if (!BACKBONE_IDS.includes(architecture)) throw new UnknownBackbone(wanted, BACKBONE_IDS);
  resolveTaps(architecture, download?.taps);
  if (!download) throw new BackboneNotHere(wanted);
  return fetchBackbone(wanted, download);
}

/** Where the file of a backbone lies, should it be a file. */
export const backbonePath = (wanted: string): string =>
  namedFile(wanted)?.path ?? (wanted === BUNDLED_BACKBONE ? bundledPath(BUNDLED_FILE) : wanted);

/** The folder of kept weights: $GRAD_CACHE, or `grad-playground` where the user's caches lie. */
export function weightsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { GRAD_CACHE, XDG_CACHE_HOME } = environment;
  return GRAD_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'grad-playground');
}

async function fetchBackbone(wanted: string, download: Download): Promise<BackboneFile> {
  const { hub, terminal, folder = weightsFolder(), retry, taps } = download;
  const progress = new Progress(terminal);
  let announced = false;
  const emit = (event: EngineEvent) => {
    // Kept weights come without an event: only a real download is announced.
    if (!announced) progress.note(`fetching ${wanted} weights into ${folder}`);
    announced = true;
    if (event.kind === 'notice') progress.note(`${event.error.message} ${event.error.remedy}`);
    else progress.update(describeEvent(event)!);
  };
  const openCache = async () => new FolderCache(folder);
  const source = new HubDownload({ openCache, emit, ...(retry && { retry }) });
  try {
    const request = { id: wanted, ...(hub !== null && { hub }), ...(taps && { taps }) };
    const { id, tensors } = await source.download(request, async (weights) => weights);
    return { name: `${id}.safetensors`, bytes: writeSafetensors(tensors) };
  } finally {
    progress.clear();
  }
}

/** `tf_efficientnet_b0=model.safetensors`, unless there is a file of that very name. */
function namedFile(wanted: string): { id: string; path: string } | null {
  const [, id, path] = /^([^=/\\]+)=(.+)$/.exec(wanted) ?? [];
  if (!id || !path || existsSync(wanted)) return null;
  return BACKBONE_IDS.includes(parseBackboneId(id).architecture) ? { id, path } : null;
}

const looksLikePath = (wanted: string) => /[/\\]|\.safetensors$/i.test(wanted);
