// A link made with images of someone's own was opened: what to load, and whether what was loaded is the same.
import { compareOwn, type OwnImages } from '../../settings/ownImages';
import { ownOnScreen } from './ownOnScreen';
import { patch, useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../controls/format';

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
        label="Do not ask for the link’s images"
        onClick={() => patch('link', { wanted: null })}
      />
    </div>
  );
}

type Wanted = { digest: string | null; own: OwnImages | null };

const total = ({ train, test }: OwnImages) => train + test;
const named = ({ digest }: Wanted) => (digest ? ` (digest ${digest})` : '');

function request(wanted: Wanted): string {
  const { own } = wanted;
  const what = own
    ? `${plural(total(own), 'image')} of its maker’s own, ${own.train} to train on and ${own.test} to test${named(wanted)}`
    : `images of its maker’s own${named(wanted)}`;
  return `This link was made with ${what}. Links carry no images: ask for them, and drop the same folder here.`;
}

/** By name and size, as far as the link says them. */
function verdict(wanted: Wanted, here: OwnImages, dataset: string): string {
  const { digest, own } = wanted;
  const difference = own && compareOwn(own, here);
  const same = dataset === `own-${digest}` || (difference && difference.missing + difference.extra === 0);
  if (!same) return `Not the link’s images: ${differing(wanted, here, difference)}`;
  if (own && own.train !== here.train)
    return `The link’s images by name and size, but on other sides: the link trains on ${own.train}, here it is ${here.train}.`;
  return 'These are the link’s images, by name and size. The same seed on the same adapter gives the same run.';
}

function differing(
  wanted: Wanted,
  here: OwnImages,
  difference: { missing: number; extra: number } | null,
): string {
  if (difference && wanted.own)
    return `${difference.missing} of its ${total(wanted.own)} are missing, ${difference.extra} here are others.`;
  const count = wanted.own ? `it has ${plural(total(wanted.own), 'image')}, here are ${total(here)}; ` : '';
  return `${count}names or sizes differ.`;
}
