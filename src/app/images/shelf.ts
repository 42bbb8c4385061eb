// Sets of the user's own that have left the screen: their images, settings and model, as long as the page is open. Loaded when
// the first one leaves.
import type { Params } from '../../settings/table';
import { engine } from '../shell/engineLink';
import { getState, patch } from '../shell/store';
import { dropSet, keepPending, modelInUse } from '../keeping/kept';
import type { KeptModel } from '../keeping/database';
import { isTraining } from '../shell/selectors';
import type { DataSlice, OwnName } from './dataSlice';

/** A set that left the screen; its files are still held. */
export interface Shelved extends Pick<DataSlice, 'images' | 'order' | 'selected' | 'readings'> {
  title: string;
  own: OwnName;
  params: Params;
  model: KeptModel | null;
}

export const shelved = new Map<string, Shelved>();

/**
 * The set on screen is about to leave it. Changes nothing of it.
 * @param keep false: it goes for good
 */
export async function leaveOwnSet(keep: boolean): Promise<void> {
  const { own } = getState().data.set;
  if (!own) return;
  if (!keep) return dropSet(own.key, false);
  await keepPending();
  const { data, params } = getState();
  const { title } = data.set;
  const model = await modelToKeep(own.dataset);
  const { images, order, selected, readings } = data;
  const { dataset } = own;
  shelved.set(own.key, { title, own, images, order, selected, readings, params: { ...params, dataset }, model }); // prettier-ignore
  const others = data.shelf.filter(({ key }) => key !== own.key);
  patch('data', { shelf: [...others, { key: own.key, title, images: order.length }] });
}

async function modelToKeep(dataset: string): Promise<KeptModel | null> {
  const state = getState();
  if (state.model.source !== 'trained' || isTraining(state) || !engine()) return null;
  return modelInUse().then(
    (model) => ({ ...model, dataset, params: { ...model.params, dataset } }),
    () => null,
  );
}

/** A title that no other of the user's sets has. */
export function freeTitle(wanted: string): string {
  const { set, shelf } = getState().data;
  const taken = new Set([...(set.own ? [set.title] : []), ...shelf.map(({ title }) => title)]);
  let title = wanted;
  for (let count = 2; taken.has(title); count++) title = `${wanted} ${count}`;
  return title;
}

/** Whether an image of that id belongs to a set that is not on screen. */
export const isShelved = (id: string): boolean => [...shelved.values()].some(({ images }) => id in images);
