// Finds the weights that --backbone or a preset names: the bundled file, a file of the user's, or published ones, from
// the folder of kept weights or else from the Hub.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
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
import { bundledPath, cacheFolder } from './root';
import type { Terminal } from './output/terminal';

/** Weights as the engine takes them. */
export interface BackboneFile {
  name: string;
  bytes: ArrayBuffer;
  /** Architecture to take the file for; without it the file and its name decide. */
  as?: string;
  /** Features to come, where the file holds no more than they need. */
  taps?: string;
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

async function fetchBackbone(wanted: string, download: Download): Promise<BackboneFile> {
  const { hub, terminal, folder = cacheFolder(), retry, taps } = download;
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
    const { id, tensors, received, verified, sha256 } = await source.download(
      request,
      async (weights) => weights,
    );
    if (received > 0)
      progress.note(verified ? VERIFIED : `${UNVERIFIED} (SHA-256 of its tensors: ${sha256})`);
    // Up to these taps, which is less than a whole file has.
    return { name: `${id}.safetensors`, bytes: writeSafetensors(tensors), as: id, ...(taps && { taps }) };
  } finally {
    progress.clear();
  }
}

const VERIFIED = 'the file has its published SHA-256';
const UNVERIFIED =
  'unverified: the SHA-256 of the published file is not known here yet; this one is remembered, and later downloads must be the same';

/** `tf_efficientnet_b0=model.safetensors`, unless there is a file of that very name. */
function namedFile(wanted: string): { id: string; path: string } | null {
  const [, id, path] = /^([^=/\\]+)=(.+)$/.exec(wanted) ?? [];
  if (!id || !path || existsSync(wanted)) return null;
  return BACKBONE_IDS.includes(parseBackboneId(id).architecture) ? { id, path } : null;
}

const looksLikePath = (wanted: string) => /[/\\]|\.safetensors$/i.test(wanted);
