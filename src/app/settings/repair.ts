// Settings of a link that no engine can follow: a backbone that nobody knows, or places to take features from that the
// backbone does not have. The nearest thing that works takes their place, and that is said.
import type { ErrorReport } from '../../lib/errors';
import { PARAMS, type Params } from '../../settings/table';
import { notify } from '../notices/actions';
import { getState, setState } from '../shell/store';
import { t } from '../languages/texts';

/**
 * Puts right what the engine refused to be configured with. Even what a lesson locks: locked at nothing it is of no use.
 * @returns whether there was something to put right
 */
export function repairSettings({ name }: ErrorReport): boolean {
  const { params } = getState();
  const standard = { backbone: PARAMS.backbone.default, taps: PARAMS.taps.default };
  if (name === 'UnknownTap' && params.taps !== standard.taps) {
    take({ taps: standard.taps });
    say(
      t('{backbone} has no stages “{taps}” to take features from; the standard ones are used.', {
        backbone: params.backbone,
        taps: params.taps,
      }),
    );
    return true;
  }
  // One that can be fetched or loaded was asked about before.
  if (NO_SUCH.has(name) && params.backbone !== standard.backbone) {
    take(standard);
    say(
      t('There is no backbone “{backbone}” here; {backbone2} is used.', {
        backbone: params.backbone,
        backbone2: standard.backbone,
      }),
    );
    return true;
  }
  return false;
}

const NO_SUCH = new Set(['BackboneNotHere', 'UnknownBackbone', 'UnknownTag']);

const take = (change: Partial<Params>) => setState(({ params }) => ({ params: { ...params, ...change } }));

const say = (message: string) =>
  notify({ tone: 'info', message, remedy: t('Choose another in the settings.'), lifetime: READING_MS });

const READING_MS = 12_000;
