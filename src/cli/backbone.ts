// Finds the weights that --backbone or a preset names: the bundled file, a file of the user's, or nothing yet.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { BackboneNotHere, UnknownBackbone } from '../backbones/errors';
import { parseBackboneId } from '../backbones/hubTable';
import { BACKBONE_IDS, BUNDLED_BACKBONE } from '../backbones/table';
import { readBytes } from './files';
import { bundledPath } from './root';

/** Weights as the engine takes them. */
export interface BackboneFile {
  name: string;
  bytes: ArrayBuffer;
}

const BUNDLED_FILE = `weights/${BUNDLED_BACKBONE}.safetensors`;

/**
 * @param wanted `mini_resnet`, the path of a .safetensors file, or the id of a known architecture
 * @throws BackboneNotHere for an architecture whose weights are not here, UnknownBackbone, FileUnreadable
 */
export async function findBackbone(wanted: string): Promise<BackboneFile> {
  const path = wanted === BUNDLED_BACKBONE ? bundledPath(BUNDLED_FILE) : wanted;
  if (existsSync(path) || looksLikePath(path)) return { name: basename(path), bytes: await readBytes(path) };
  if (!BACKBONE_IDS.includes(parseBackboneId(wanted).architecture)) {
    throw new UnknownBackbone(wanted, BACKBONE_IDS);
  }
  throw new BackboneNotHere(wanted);
}

const looksLikePath = (wanted: string) => /[/\\]|\.safetensors$/i.test(wanted);
