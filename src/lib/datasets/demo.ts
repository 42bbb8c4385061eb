// Reads the manifests of the bundled demo sets (public/demo, drawn by scripts/demo-data). Pure: JSON in, typed
// data out. Nothing in a manifest is trusted: paths become addresses, and texts stand on the page.
import * as v from 'valibot';
import { RemedyError } from '../errors';
import { listOf, objectOf, oneOf, parseValue, text, version } from '../formats/schema';

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

const schema = version(SCHEMA);
const title = text(MAX_TEXT, 1);
const id = v.custom<string>(
  (value) => typeof value === 'string' && NAME.test(value),
  'is no proper name of a set',
);

const LIST = objectOf({ schema, sets: listOf(objectOf({ id, title }), MAX_SETS) });

const ROW = v.pipe(
  objectOf({
    path: v.pipe(text(MAX_TEXT), v.regex(IMAGE, 'is not the path of an image in a set')),
    split: oneOf(['train', 'test']),
    label: oneOf([0, 1]),
    type: v.string(),
    mask: v.nullable(v.string()),
  }),
  v.check(fitsItsPath, 'does not fit its path'),
);

const MANIFEST = objectOf({
  schema,
  id,
  title,
  sentence: title,
  images: v.pipe(
    listOf(ROW, MAX_IMAGES),
    v.check((images) => new Set(images.map(({ path }) => path)).size === images.length, 'has an image twice'),
  ),
});

/** Split, label, type and mask follow from the path. */
function fitsItsPath({ path, ...said }: DemoImage): boolean {
  const [, split, type, name] = IMAGE.exec(path)!;
  const normal = type === 'good';
  const mask = normal ? null : `ground_truth/${type}/${name}_mask.png`;
  const agrees = said.split === split && said.type === type && said.mask === mask;
  return agrees && said.label === (normal ? 0 : 1) && (normal || split === 'test');
}

const damaged = (detail: string) => new DemoManifestInvalid(detail);

/**
 * The list of bundled sets (`demo/index.json`), in the chooser's order.
 * @throws DemoManifestInvalid
 */
export const readDemoList = (json: unknown): DemoSummary[] => parseValue(LIST, json, damaged).sets;

/**
 * The manifest of one set (`demo/<id>/index.json`). Fields that it does not know are left out.
 * @throws DemoManifestInvalid
 */
export function readDemoManifest(json: unknown): DemoManifest {
  const { id, title, sentence, images } = parseValue(MANIFEST, json, damaged);
  return { id, title, sentence, images: images.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
