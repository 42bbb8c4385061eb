// A set is brought while one of the user's own is on screen: does it join that, stand beside it, or take its place? Asked of
// whole sets only; images that somebody adds to one side by its button join without a word.
import { isOwnSet } from '../shell/selectors';
import { getState, patch } from '../shell/store';
import { msg } from '../languages/texts';
import type { DropContents } from './dropReader';
import type { Placing } from './largeLoadSlice';
import { question } from './question';

export type Place = 'add' | 'new' | 'replace' | 'none';

/** How the files came: by a button that says where they go, by one that does not, or dropped. */
export type Way = 'told' | 'chosen' | 'dropped';

const placeAsked = question<Placing, Place>((placing) => patch('largeLoad', { placing }), 'none');

export const answerPlacing = placeAsked.answer;

/** @param twins so many of the images are on screen already */
export async function placeFor(
  { report, files }: DropContents,
  way: Way,
  twins: () => Promise<number>,
): Promise<Place> {
  const { data, params } = getState();
  const own = isOwnSet(params) && data.set.id === 'own' && data.order.length > 0;
  if (!own) return 'new';
  const sides = new Set(report.images.map(({ split }) => split));
  const whole = [...files.keys()].some((path) => path.includes('/'));
  const asks = sides.has('train') && (whole ? way !== 'told' : way === 'dropped');
  if (!asks) return 'add';
  const title = titleFor([...files.keys()]) ?? msg('The new images');
  return placeAsked.ask({ title, images: report.images.length, twins: await twins() });
}

/** Names of folders that say what is in them and not what it is of. */
const GENERIC =
  /^(train|training|test|testing|val(idation)?|good|normal|ok|images?|img|data|dataset|photos?)$/i;

/** The folder in which all files lie; null for loose ones, and where its name says nothing. */
export function titleFor(paths: readonly string[]): string | null {
  const [first] = paths;
  if (first === undefined) return null;
  const folder = first.split('/').slice(0, -1)[0];
  if (folder === undefined || GENERIC.test(folder)) return null;
  return paths.every((path) => path.startsWith(`${folder}/`)) ? folder : null;
}
