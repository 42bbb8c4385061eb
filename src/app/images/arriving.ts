// What was found becomes images of the set: asked about where the reading is in doubt, taken in, handed to the engine. How
// the last files were read can be looked at, and said otherwise, later. Loaded when the first files come.
import { summaryOf } from '../../lib/datasets/layouts/summary';
import { typeInSet, type FolderImage, type FolderReport } from '../../lib/datasets/layouts/report';
import { readingOf, type Layout, type Rule } from '../../lib/datasets/folder';
import type { ImageId, Side } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import type { AppState } from '../shell/appState';
import { engine } from '../shell/engineLink';
import { maskFileOf, readFound, refusalsOf, regionsIn, type DropContents, type Regions } from './dropReader';
import { isPacked, type OwnFile } from './ownFiles';
import { forget, holdOwn, sizeOf } from './pictures';
import { isOwnSet } from '../shell/selectors';
import { addRefusals, sendImages, untilAllThere } from './uploadQueue';
import { listed, type ImageRecord } from './dataSlice';
import { getState, patch } from '../shell/store';
import { answerLargeLoad, wantedOf } from './largeLoad';
import type { ReadingView } from './largeLoadSlice';
import { question } from './question';
import { complain, notify } from '../notices/actions';
import { rescoreWhereMissing } from '../scores/actions';
import { nameOwn, startOwnSet } from './sets';
import { OWN_TITLE } from '../keeping/kept';
import { answerPlacing, placeFor, titleFor, type Place, type Way } from './placing';
import { twinsOf } from './twins';
import { said, t } from '../languages/texts';

// Images of an earlier visit come back with their ids: new ones must differ.
let nextId = Date.now();

/** The last files, as they are read now, and the images they became. */
let last: { found: DropContents; side: Side; layout: Layout; ids: ImageId[] | null } | null = null;
const readingAsked = question<ReadingView, boolean>((reading) => patch('largeLoad', { reading }), false);

/** What the visitor said of the table: load, or not. */
export const answerReading = readingAsked.answer;

/** Takes files in; asks first where the names leave something open. */
export async function takeFound(found: DropContents, side: Side, way: Way = 'told'): Promise<void> {
  // Whoever brings more has left the question before.
  answerReading(false);
  answerPlacing('none');
  answerLargeLoad('none');
  last = { found, side, layout: { rules: [], words: {}, unmasked: null, splitFile: null }, ids: null };
  if (found.report.questions.length > 0 && !(await askReading())) return;
  const current = last;
  await takeLast(current, () =>
    placeFor(current.found, way, async () => (await twinsIn(current.found)).size),
  );
}

/** Shows how the last files were read; what was said otherwise is loaded anew. */
export async function reviewReading(): Promise<void> {
  if (!last || readingAsked.isOpen()) return;
  const before = last;
  const kept = { found: before.found, layout: before.layout };
  if (!(await askReading())) return void Object.assign(before, kept);
  if (before.layout === kept.layout || last !== before) return;
  const { ids } = before;
  await takeLast(before, async () => {
    if (ids) await discard(ids);
    return 'add';
  });
}

const askReading = () => readingAsked.ask(viewOf(last!.found.report));

const viewOf = ({ summary, rows, questions }: FolderReport): ReadingView => ({
  summary,
  rows,
  questions: questions.map(({ text }) => text),
});

/** What a folder may be said to hold. */
export type Role =
  | 'train'
  | 'validation'
  | 'test-normal'
  | 'anomalous'
  | 'anomalous-train'
  | 'unknown'
  | 'mask'
  | 'ignore';
/** Takes back what was said of a folder. */
export const AS_NAMED = 'named';
const RULES: Record<Role, Omit<Rule, 'path'>> = {
  train: { as: 'image', split: 'train', label: 'normal' },
  validation: { as: 'image', split: 'validation', label: 'normal' },
  'test-normal': { as: 'image', split: 'test', label: 'normal' },
  anomalous: { as: 'image', split: 'test', label: 'anomalous' },
  'anomalous-train': { as: 'image', split: 'train', label: 'anomalous' },
  unknown: { as: 'image', split: 'test', label: 'unknown' },
  mask: { as: 'mask' },
  ignore: { as: 'ignore' },
};

/** Says what a folder holds, or leaves it to the names again, and reads anew. */
export async function sayOfFolder(folder: string, role: Role | typeof AS_NAMED): Promise<void> {
  const current = last;
  if (!current) return;
  // Signs of the language stand for any sign.
  const plain = folder.replace(/[*?{}<>]/g, '?');
  const path = plain === '' ? '/*' : `/${plain}/**`;
  const others = current.layout.rules.filter((rule) => rule.path !== path);
  const rules = role === AS_NAMED ? others : [{ path, ...RULES[role] }, ...others];
  const layout = { ...current.layout, rules };
  try {
    const report = await readFound(current.found, current.side, layout);
    if (last !== current || !getState().largeLoad.reading) return;
    Object.assign(current, { layout, found: { ...current.found, report } });
    patch('largeLoad', { reading: viewOf(report) });
  } catch (failure) {
    complain(failure);
  }
}

/** A file of the table, to be looked at. */
export async function pictureOf(path: string): Promise<Blob | null> {
  const file = last?.found.files.get(path);
  return file ? (isPacked(file) ? file.unpack().catch(() => null) : file) : null;
}

// Files that come while others are on their way into the set wait for these: two sets would clear the screen of each other.
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const mine = turn.then(task);
  turn = mine.catch(() => undefined);
  return mine;
}

/** @param placed where they go, asked when it is their turn */
async function takeLast(current: NonNullable<typeof last>, placed: () => Promise<Place>): Promise<void> {
  const arrived = await inTurn(async () => {
    const place = await placed();
    if (place === 'none') return null;
    patch('largeLoad', { readable: false });
    const images = await takeAll(withNormalValidation(current.found), place);
    if (!images) return null;
    current.ids = images.ids;
    const { report } = current.found;
    patch('data', { readings: [...getState().data.readings, { ...readingOf(report, current.layout) }] });
    patch('largeLoad', { readable: report.rows.length > 1 });
    return images;
  });
  if (arrived) await handOver(arrived);
}

/** Takes images out of the set, without a way back: they come again, read otherwise. */
async function discard(ids: readonly ImageId[]): Promise<void> {
  const { data } = getState();
  const gone = new Set(ids);
  const images = Object.fromEntries(Object.entries(data.images).filter(([id]) => !gone.has(id)));
  const order = data.order.filter((id) => !gone.has(id));
  const selected = data.selected !== null && gone.has(data.selected) ? (order[0] ?? null) : data.selected;
  // The reading that is changed is the last one.
  patch('data', { images, order, selected, refusals: [], readings: data.readings.slice(0, -1) });
  ids.forEach(forget);
  await engine()?.removeImages([...ids]);
}

/** Validation images draw the line, as normal ones: those with a defect, or without a label, have no part in it. */
function withNormalValidation(found: DropContents): DropContents {
  const { report, notices } = found;
  const images = report.images.filter(({ split, label }) => split !== 'validation' || label === 0);
  const apart = report.images.length - images.length;
  if (apart === 0) return found;
  const told = t(
    '{apart, plural, one {# validation image is} other {# validation images are}} not loaded: only normal ones serve to draw the line.',
    { apart },
  );
  return { ...found, report: { ...report, images }, notices: [...notices, told] };
}

/** The images that are on screen already, by path. */
const twinsIn = ({ report, files }: DropContents) =>
  twinsOf(
    report.images.map(({ path, split, maskPath }) => ({ path, split, mask: maskPath !== null })),
    files,
  );

/** Without those that are in the set already, which are named. */
async function withoutTwins(contents: DropContents): Promise<DropContents> {
  const twins = await twinsIn(contents);
  if (twins.size === 0) return contents;
  const { report, notices } = contents;
  const images = report.images.filter(({ path }) => !twins.has(path));
  const told = twinsTold([...twins]);
  if (images.length === 0) notify({ tone: 'info', message: told, lifetime: LONG_MS });
  const summary = summaryOf(report.layout, images, report.categories);
  return { ...contents, report: { ...report, images, summary }, notices: [...notices, told] };
}

/** Names the first few. */
function twinsTold(twins: readonly (readonly [string, string])[]): string {
  const named = twins
    .slice(0, NAMED)
    .map(([path, name]) => (path === name ? path : t('{path} (as {name})', { path, name })))
    .join(', ');
  return t('Already in the set and not added again: {named}{more, plural, =0 {} other { and # more}}.', {
    named,
    more: Math.max(0, twins.length - NAMED),
  });
}

const NAMED = 3;

/** Images that are on screen, and not yet with the engine. */
interface Arrived {
  report: FolderReport;
  notices: readonly string[];
  ids: ImageId[];
}

/** Puts the images on screen; null where there is none, or none is wanted. */
async function takeAll(contents: DropContents, place: Exclude<Place, 'none'>): Promise<Arrived | null> {
  const {
    report: found,
    files,
    refusals: before,
    notices,
  } = place === 'add' ? await withoutTwins(contents) : contents;
  const refusals = [...before, ...refusalsOf(found.ignored)];
  if (found.images.length === 0) {
    addRefusals(refusals);
    return null;
  }
  // Without an engine they are listed all the same, and kept for one: as while it is still opening.
  const images = await wantedOf(found.images, bytesOf(found, files));
  if (images.length === 0) return null;
  const report = { ...found, images: [...images] };
  const regionsOf = await regionsIn(files);
  if (place !== 'add' || getState().data.set.id !== 'own') await startSetFor(files, place);
  addRefusals(refusals);
  return { report, notices, ids: list(report, files, regionsOf) };
}

/** Sends them to the engine, and says what was recognised. */
async function handOver({ report, notices, ids }: Arrived): Promise<void> {
  const { own } = getState().data.set;
  const left = (state: AppState) => state.data.set.own?.key !== own?.key;
  // A few images are soon looked at, and what is refused of them is not worth a name.
  const waits = ids.length <= FEW && getState().engine.status === 'ready';
  if (!waits) nameLayout(report, notices);
  await sendImages();
  if (waits) nameLayout(withoutRefused(report, ids), notices);
  // What is refused is no part of the set, and of its name.
  await untilAllThere((state) => WITHOUT_ENGINE.has(state.engine.status) || left(state));
  if (left(getState())) return;
  await nameOwnSet();
  await rescoreWhereMissing();
}

/** An empty set, called after the folder. */
async function startSetFor(files: DropContents['files'], place: Place): Promise<void> {
  const { isOwn, title } = { isOwn: isOwnSet(getState().params), title: titleFor([...files.keys()]) };
  const empty = isOwn && getState().data.set.id === 'own' && getState().data.order.length === 0;
  const { freeTitle } = await import('./shelf');
  // The one on screen still has its name unless it goes.
  if (place === 'replace' || empty) return startOwnSet({ title: title ?? OWN_TITLE, keep: false });
  return startOwnSet({ title: freeTitle(title ?? OWN_TITLE) });
}

const FEW = 20;

/** What is left of it when the engine has refused some. */
function withoutRefused(report: FolderReport, ids: readonly ImageId[]): FolderReport {
  const { images: here } = getState().data;
  const images = report.images.filter((_, i) => here[ids[i]!]);
  if (images.length === report.images.length) return report;
  return { ...report, images, summary: summaryOf(report.layout, images, report.categories) };
}

/** Of all images together, still encoded. */
const bytesOf = ({ images }: FolderReport, files: DropContents['files']): number =>
  images.reduce((sum, { path }) => sum + files.get(path)!.size, 0);

const WITHOUT_ENGINE = new Set<AppState['engine']['status']>(['unavailable', 'lost']);

/** One card: what was recognised, and below it what there is to know about it. */
function nameLayout({ images, summary, notices }: FolderReport, more: readonly string[]): void {
  if (images.length === 0) return;
  const remedy = [...more, ...notices].join(' ');
  notify({
    tone: 'info',
    message: summary,
    ...(remedy && { remedy }),
    lifetime: remedy ? LONG_MS : SHORT_MS,
  });
}

const SHORT_MS = 10_000;
/** There is more to read. */
const LONG_MS = 30_000;

function list(
  report: FolderReport,
  files: DropContents['files'],
  regionsOf: (image: FolderImage) => Regions | null,
): ImageId[] {
  const records = report.images.map((image) => takeIn(image, report, files, regionsOf(image)));
  const { data } = getState();
  patch('data', {
    images: { ...data.images, ...Object.fromEntries(records.map((record) => [record.id, record])) },
    order: [...data.order, ...records.map(({ id }) => id)],
    selected: newestOf(records) ?? data.selected ?? pickFirst(records),
  });
  return records.map(({ id }) => id);
}

/** Who brings images to be judged wants to see one of them. */
const newestOf = (records: readonly ImageRecord[]) =>
  records.every(({ split }) => split === 'test') ? (records[0]?.id ?? null) : null;

const pickFirst = (records: readonly ImageRecord[]) =>
  (records.find(({ label }) => label === 1) ?? records.find(({ split }) => split === 'test') ?? records[0])
    ?.id ?? null;

function takeIn(
  image: FolderImage,
  report: FolderReport,
  files: DropContents['files'],
  regions: Regions | null,
): ImageRecord {
  const { path, category, split, label, maskPath } = image;
  const id = `own/${nextId++}/${path}`;
  const mask = maskPath === null ? null : tellingLoss(maskPath, maskFileOf(image, files)!);
  holdOwn(id, files.get(path)!, mask, regions);
  return listed({
    id,
    name: nameFrom(path, category),
    split,
    label,
    type: typeInSet(image, report),
    own: true,
  });
}

/** A mask that cannot be unpacked later gets its line then; the image goes on without it. */
function tellingLoss(path: string, mask: OwnFile): OwnFile {
  if (!isPacked(mask)) return mask;
  const told = (error: unknown): never => {
    const { message, remedy } = toReport(error);
    addRefusals([
      {
        name: path,
        message: t('{message} Its image is used without a mask.', { message: said(message) }),
        remedy,
      },
    ]);
    throw error;
  };
  return { size: mask.size, unpack: () => mask.unpack().catch(told) };
}

/** The path from the class's folder on: where the set lay on the disk says nothing about it. */
function nameFrom(path: string, category: string): string {
  const at = category === '' ? -1 : `/${path}`.indexOf(`/${category}/`);
  return at < 0 ? path : path.slice(at);
}

/** Names the set by a digest of its file names and sizes, so that a link can say which images it was made with. */
async function nameOwnSet(): Promise<void> {
  const { order, images } = getState().data;
  const lines = order.map((id) => `${images[id]!.name}:${sizeOf(id)}`).sort();
  // Without a secure context there is no digest; the set is then just "own".
  const digest = await globalThis.crypto?.subtle?.digest(
    'SHA-256',
    new TextEncoder().encode(lines.join('\n')),
  );
  const head = digest
    ? Array.from(new Uint8Array(digest, 0, 4), (byte) => byte.toString(16).padStart(2, '0'))
    : [];
  nameOwn(['own', ...(head.length > 0 ? [head.join('')] : [])].join('-'));
}
