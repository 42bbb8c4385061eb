// Reads the manifests of the bundled demo sets (public/demo, drawn by scripts/demo-data). Pure: JSON in, typed
// data out. Nothing in a manifest is trusted: paths become addresses, and texts stand on the page.
import { RemedyError } from '../errors';

/** One image of a set; paths are relative to the set's folder, in MVTec's layout. */
export interface DemoImage {
  path: string;
  split: 'train' | 'test';
  /** 0 normal, 1 anomalous. */
  label: 0 | 1;
  /** Kind of defect; `good` for normal images. */
  type: string;
  /** Path of the ground-truth mask of an anomalous image. */
  mask: string | null;
}

export interface DemoSummary {
  id: string;
  title: string;
}

export interface DemoManifest extends DemoSummary {
  /** One sentence on what is normal here. */
  sentence: string;
  /** Sorted by path (code units). */
  images: DemoImage[];
}

export class DemoManifestInvalid extends RemedyError {
  override readonly name = 'DemoManifestInvalid';
  constructor(detail: string) {
    super(
      `The description of a bundled set is damaged: ${detail}.`,
      'Reload the page; when you host it yourself, run "npm run demo:data" and publish public/demo anew.',
    );
  }
}

const SCHEMA = 1;
const MAX_IMAGES = 10_000;
const MAX_SETS = 100;
const MAX_TEXT = 300;
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** Split, type and name. */
const IMAGE = /^(train|test)\/([a-z][a-z0-9_]{0,39})\/([a-z0-9_]{1,40})\.(?:jpg|png|webp)$/;

/**
 * The list of bundled sets (`demo/index.json`), in the chooser's order.
 * @throws DemoManifestInvalid
 */
export function readDemoList(json: unknown): DemoSummary[] {
  const { sets } = versioned(json);
  return items(sets, 'sets', MAX_SETS).map(readSummary);
}

/**
 * The manifest of one set (`demo/<id>/index.json`). Fields that it does not know are left out.
 * @throws DemoManifestInvalid
 */
export function readDemoManifest(json: unknown): DemoManifest {
  const manifest = versioned(json);
  const images = items(manifest.images, 'images', MAX_IMAGES).map(readImage);
  if (new Set(images.map(({ path }) => path)).size < images.length) {
    throw new DemoManifestInvalid('it lists an image twice');
  }
  images.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...readSummary(manifest), sentence: text(manifest.sentence, 'sentence'), images };
}

/** Split, label, type and mask follow from the path; what the row says must agree. */
function readImage(row: unknown): DemoImage {
  const said = record(row, 'an image');
  const path = text(said.path, 'path');
  const [, split, type, name] = IMAGE.exec(path) ?? [];
  if (split === undefined)
    throw new DemoManifestInvalid(`${shorten(path)} is not the path of an image in a set`);
  const normal = type === 'good';
  const image: DemoImage = {
    path,
    split: split === 'train' ? 'train' : 'test',
    label: normal ? 0 : 1,
    type: type!,
    mask: normal ? null : `ground_truth/${type}/${name}_mask.png`,
  };
  const { label, mask } = image;
  const agrees = said.split === split && said.type === type && said.label === label && said.mask === mask;
  if (!agrees || (split === 'train' && !normal)) {
    throw new DemoManifestInvalid(`what it says of ${shorten(path)} does not fit its place`);
  }
  return image;
}

function readSummary(json: unknown): DemoSummary {
  const { id, title } = record(json, 'a set');
  if (typeof id !== 'string' || !NAME.test(id)) throw new DemoManifestInvalid('a set has no proper id');
  return { id, title: text(title, 'title') };
}

function versioned(json: unknown): Record<string, unknown> {
  const read = record(json, 'it');
  if (read.schema !== SCHEMA)
    throw new DemoManifestInvalid(`its schema is ${shorten(read.schema)}, not ${SCHEMA}`);
  return read;
}

function record(json: unknown, what: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new DemoManifestInvalid(`${what} is not an object`);
  }
  return json as Record<string, unknown>;
}

function items(json: unknown, what: string, most: number): unknown[] {
  if (!Array.isArray(json)) throw new DemoManifestInvalid(`it lists no ${what}`);
  if (json.length > most)
    throw new DemoManifestInvalid(`it lists ${json.length} ${what}; ${most} is the most`);
  return json;
}

function text(json: unknown, what: string): string {
  if (typeof json !== 'string' || json.length === 0 || json.length > MAX_TEXT) {
    throw new DemoManifestInvalid(`its ${what} is not a text of 1 to ${MAX_TEXT} characters`);
  }
  return json;
}

const shorten = (json: unknown) => String(JSON.stringify(json)).slice(0, 80);
