// The visitor's own images on screen as a link names them.
import { describeOwn, type OwnImages } from '../../settings/ownImages';
import type { AppState } from '../shell/appState';
import { sizeOf } from './pictures';

export function ownOnScreen({ data }: Pick<AppState, 'data'>): OwnImages | null {
  const records = data.order.map((id) => data.images[id]!).filter(({ own }) => own);
  return describeOwn(
    records.map(({ id, name, split }) => ({ name, size: sizeOf(id), train: split === 'train' })),
  );
}
