// Correcting a set: labels, sides, removals, of one image or many, each with a way back.
import type { ImageId, Label, Side } from '../../engine/api/types';
import { classOf } from '../../lib/scoring/metrics/classes';
import { engine, unlessOver } from '../shell/engineLink';
import { guardLesson } from '../lesson/guardLesson';
import { bareType } from './classes';
import { forget, hasMask } from './pictures';
import { sendImages } from './uploadQueue';
import type { ImageRecord } from './dataSlice';
import { getState, patch } from '../shell/store';
import { dropKept } from '../keeping/kept';
import { unmarkAll } from './selection';
import { offerUndo } from '../notices/actions';
import { rescoreSoon } from '../scores/actions';
import { selectImage } from '../stage/actions';
import { msg, t } from '../languages/texts';

const NAMES = { 0: msg('normal'), 1: msg('defect'), null: msg('unknown') };

/** Corrects what images are called: normal, anomalous, unknown. */
export async function labelImages(ids: readonly ImageId[], label: Label): Promise<void> {
  if (!guardLesson('data')) return;
  const before = own(ids).filter((record) => record.label !== label);
  if (before.length === 0) return;
  await relabel(before.map((record) => ({ ...record, label, type: typeFor(record, label) })));
  offerUndo(
    t('{what} labelled {label}.', { what: subject(before), label: t(NAMES[`${label}`]) }),
    () => void relabel(before),
  );
}

/** Moves images to the other side of the set. Training images are normal by definition, but for defects with a mask. */
export async function moveImages(ids: readonly ImageId[], split: Side): Promise<void> {
  if (!guardLesson('data')) return;
  const before = own(ids).filter((record) => record.split !== split);
  if (before.length === 0) return;
  await resend(
    before.map((record) => {
      const label = split === 'train' && !canTeach(record) ? 0 : record.label;
      return { ...record, split, label, type: typeFor(record, label) };
    }),
  );
  offerUndo(
    split === 'train'
      ? t('{what} moved to training.', { what: subject(before) })
      : t('{what} moved to test.', { what: subject(before) }),
    () => void resend(before),
  );
}

/** Whether stage 1 of the supervised variant can learn from it. */
const canTeach = ({ id, label }: ImageRecord): boolean => label === 1 && hasMask(id);

/** Takes images out of the set; for a while the user can have them back. */
export async function removeImages(ids: readonly ImageId[]): Promise<void> {
  if (!guardLesson('data')) return;
  const { data } = getState();
  const before = data.order;
  const gone = new Set(ids);
  const records = ids.map((id) => data.images[id]!).filter(Boolean);
  const order = before.filter((id) => !gone.has(id));
  const images = Object.fromEntries(Object.entries(data.images).filter(([id]) => !gone.has(id)));
  patch('data', { images, order });
  unmarkAll();
  if (data.selected !== null && gone.has(data.selected)) selectImage(neighbour(before, data.selected, gone));
  const forgetting = setTimeout(() => {
    ids.forEach(forget);
    void dropKept(ids).catch(() => undefined);
  }, FORGET_AFTER_MS);
  offerUndo(t('Removed {what}.', { what: subject(records) }), () => {
    clearTimeout(forgetting);
    void putBack(records, before);
  });
  await unlessOver(engine()?.removeImages([...ids]));
  rescoreSoon();
}

// A little longer than the offer to undo stands.
const FORGET_AFTER_MS = 12_000;

const own = (ids: readonly ImageId[]): ImageRecord[] =>
  ids.map((id) => getState().data.images[id]!).filter((record) => record?.own);

const subject = (records: readonly ImageRecord[]): string =>
  records.length === 1 ? records[0]!.name : t('{records, number} images', { records: records.length });

/** The type that goes with a label; a defect keeps its name, and every image its class. */
export function typeFor({ type }: ImageRecord, label: Label): string {
  const category = classOf(type);
  const bare = bareType(type);
  const next = label === 0 ? 'good' : label === 1 && bare !== 'good' ? bare : 'unknown';
  return category === null ? next : `${category}/${next}`;
}

/** Puts records in place of those of the same images that are still there. @returns those */
function replace(records: readonly ImageRecord[]): ImageRecord[] {
  const { images } = getState().data;
  const there = records.filter(({ id }) => images[id]);
  patch('data', { images: { ...images, ...Object.fromEntries(there.map((record) => [record.id, record])) } });
  return there;
}

async function relabel(records: readonly ImageRecord[]): Promise<void> {
  const { images } = getState().data;
  const there = replace(
    records
      .map(({ id, label, type }) => ({ ...images[id]!, label, type }))
      .filter(({ id }) => id !== undefined),
  );
  for (const [{ label, type }, ids] of groupsOf(there))
    await unlessOver(engine()?.labelImages({ ids, label, type }));
  rescoreSoon();
}

/** Images that are called the same, together: one call each. */
function groupsOf(records: readonly ImageRecord[]): [ImageRecord, ImageId[]][] {
  const groups = new Map<string, [ImageRecord, ImageId[]]>();
  for (const record of records) {
    const key = `${record.label} ${record.type}`;
    if (!groups.has(key)) groups.set(key, [record, []]);
    groups.get(key)![1].push(record.id);
  }
  return [...groups.values()];
}

/** The engine takes a side with the image: what changes side is handed over anew. */
async function resend(records: readonly ImageRecord[]): Promise<void> {
  const { images } = getState().data;
  const there = replace(
    records
      .filter(({ id }) => images[id])
      .map(({ id, split, label, type }) => ({
        ...images[id]!,
        split,
        label,
        type,
        status: 'listed' as const,
      })),
  );
  if (!engine()) return;
  await unlessOver(engine()!.removeImages(there.map(({ id }) => id)));
  await sendImages();
  rescoreSoon();
}

function neighbour(order: readonly ImageId[], id: ImageId, gone: ReadonlySet<ImageId>): ImageId | null {
  const at = order.indexOf(id);
  return (
    order.slice(at).find((other) => !gone.has(other)) ??
    order.slice(0, at).findLast((other) => !gone.has(other)) ??
    null
  );
}

async function putBack(records: readonly ImageRecord[], before: readonly ImageId[]): Promise<void> {
  const { data } = getState();
  const back = records.map((record) => ({ ...record, status: 'listed' as const }));
  const images = { ...data.images, ...Object.fromEntries(back.map((record) => [record.id, record])) };
  const known = new Set(before);
  const order = [...before.filter((id) => images[id]), ...data.order.filter((id) => !known.has(id))];
  patch('data', { images, order });
  selectImage(back[0]?.id ?? data.selected);
  await sendImages();
  rescoreSoon();
}
