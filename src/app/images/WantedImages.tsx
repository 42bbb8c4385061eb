// A link made with images of someone's own was opened: what to load, and whether what was loaded is the same.
import { compareOwn, type OwnImages } from '../../settings/ownImages';
import { ownOnScreen } from './ownOnScreen';
import { patch, useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { t } from '../languages/texts';

export default function WantedImages() {
  const wanted = useApp((state) => state.link.wanted);
  const data = useApp((state) => state.data);
  const dataset = useApp((state) => state.params.dataset);
  if (!wanted || data.status === 'loading' || data.adding) return null;
  const here = ownOnScreen({ data });
  return (
    <div className="wanted small" role="status">
      <p>{here ? verdict(wanted, here, dataset) : request(wanted)}</p>
      <IconButton
        icon="close"
        label={t('Do not ask for the link’s images')}
        onClick={() => patch('link', { wanted: null })}
      />
    </div>
  );
}

type Wanted = { digest: string | null; own: OwnImages | null };

const total = ({ train, test }: OwnImages) => train + test;
const named = ({ digest }: Wanted) => (digest ? t(' (digest {digest})', { digest }) : '');

function request(wanted: Wanted): string {
  const { own } = wanted;
  const what = own
    ? t(
        '{own, plural, one {# image} other {# images}} of its maker’s own, {train} to train on and {test} to test{wanted}',
        { own: total(own), train: own.train, test: own.test, wanted: named(wanted) },
      )
    : t('images of its maker’s own{wanted}', { wanted: named(wanted) });
  return t(
    'This link was made with {what}. Links carry no images: ask for them, and drop the same folder here.',
    { what },
  );
}

/** By name and size, as far as the link says them. */
function verdict(wanted: Wanted, here: OwnImages, dataset: string): string {
  const { digest, own } = wanted;
  const difference = own && compareOwn(own, here);
  const same = dataset === `own-${digest}` || (difference && difference.missing + difference.extra === 0);
  if (!same) return t('Not the link’s images: {wanted}', { wanted: differing(wanted, here, difference) });
  if (own && own.train !== here.train)
    return t(
      'The link’s images by name and size, but on other sides: the link trains on {train}, here it is {train2}.',
      { train: own.train, train2: here.train },
    );
  return t(
    'These are the link’s images, by name and size. The same seed on the same adapter gives the same run.',
  );
}

function differing(
  wanted: Wanted,
  here: OwnImages,
  difference: { missing: number; extra: number } | null,
): string {
  if (difference && wanted.own)
    return t('{missing} of its {own} are missing, {extra} here are others.', {
      missing: difference.missing,
      own: total(wanted.own),
      extra: difference.extra,
    });
  const count = wanted.own
    ? t('it has {own, plural, one {# image} other {# images}}, here are {here}; ', {
        own: total(wanted.own),
        here: total(here),
      })
    : '';
  return t('{count}names or sizes differ.', { count });
}
