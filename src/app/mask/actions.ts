// Giving an image a ground-truth mask, drawn or imported, or taking it away; each with a way back. Figures of pixels
// follow at once.
import type { ImageId, Label } from '../../engine/api/types';
import { engine } from '../shell/engineLink';
import { filesOf, hasMask, holdMask } from '../images/pictures';
import type { ImageRecord } from '../images/dataSlice';
import { getState, patch } from '../shell/store';
import { typeFor } from '../images/edits';
import { keepFilesAgain } from '../keeping/kept';
import { complain, notify, offerUndo } from '../notices/actions';
import { rescoreSoon } from '../scores/actions';
import { t } from '../languages/texts';

/** With a mask the image counts as a defect. One that does not fit is refused, and the mask before stays. */
export async function setMask(id: ImageId, file: File | null): Promise<void> {
  const record = getState().data.images[id];
  if (!record?.own) return;
  const before = { file: filesOf(id)?.maskFile ?? null, label: record.label, had: hasMask(id) };
  const label = file ? 1 : record.label;
  if (!(await take(record, file, label))) return;
  const what = file === null ? t('Mask removed') : before.had ? t('Mask replaced') : t('Mask added');
  offerUndo(`${what}: ${record.name}.`, () => void putBack(id, before.file, before.label));
}

async function putBack(id: ImageId, file: File | null, label: Label): Promise<void> {
  const record = getState().data.images[id];
  if (record) await take(record, file, label);
}

/** @returns whether the engine, if there is one, took it */
async function take(record: ImageRecord, file: File | null, label: Label): Promise<boolean> {
  const { id, status } = record;
  const type = typeFor(record, label);
  try {
    // What the engine does not have yet goes to it with its image.
    if (engine() && status !== 'listed') {
      const mask = file && (await file.arrayBuffer());
      const notices = await engine()!.setMask({ id, mask, label, type });
      const message = notices.map(({ text }) => text).join(' ');
      if (message !== '') notify({ tone: 'info', message, lifetime: READING_MS });
    }
  } catch (error) {
    complain(error);
    return false;
  }
  holdMask(id, file);
  const { images } = getState().data;
  const now = images[id];
  if (!now) return false;
  const maskRevision = (now.maskRevision ?? 0) + 1;
  patch('data', { images: { ...images, [id]: { ...now, label, type, maskRevision } } });
  void keepFilesAgain(id);
  rescoreSoon();
  return true;
}

const READING_MS = 12_000;
