// Asks before a large set is loaded, with what it will cost. One question at a time: another drop answers the one
// before with no. Small sets are taken without a word.
import { spread } from '../../lib/datasets/spread';
import { looksAtPixels } from '../../settings/methods';
import { engine } from '../shell/engineLink';
import { ASK_ABOVE, estimateLoad, ONLY_SOME, type LoadEstimate, type LoadFacts } from './loadEstimate';
import { question } from './question';
import { getState, patch } from '../shell/store';

export type Answer = 'all' | 'some' | 'none';

const loadAsked = question<LoadEstimate, Answer>((asked) => patch('largeLoad', { asked }), 'none');

export const answerLargeLoad = loadAsked.answer;

/**
 * The images to load of those that were found: all of a small set, what the visitor wants of a large one.
 * @param bytes of all encoded files together
 */
export async function wantedOf<T>(images: readonly T[], bytes: number): Promise<readonly T[]> {
  if (images.length <= ASK_ABOVE) return images;
  const asked = estimateLoad({ images: images.length, bytes, ...(await costs()) });
  const said = await loadAsked.ask(asked);
  return said === 'all' ? images : said === 'some' ? spread(images, ONLY_SOME) : [];
}

/** Of the features that are set; without an engine nothing is computed. */
async function costs(): Promise<Pick<LoadFacts, 'featureSize' | 'macs' | 'gflops'>> {
  const { features, adapter } = getState().engine;
  const { backbone, inputSize, taps, method } = getState().params;
  if (!features || !adapter) return { featureSize: 0, macs: 0, gflops: 1 };
  const offers = await engine()
    ?.backboneOffers({ inputSize, wanted: backbone, taps })
    .catch(() => []);
  const macs = offers?.find(({ id }) => id === backbone)?.macs ?? 0;
  return {
    featureSize: features.height * features.width * features.channels,
    macs: looksAtPixels(method) ? 0 : macs,
    gflops: adapter.gflops,
  };
}
