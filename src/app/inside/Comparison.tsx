// Methods without grids in the inside view: what they see, what they take for normal there, and what they make of it.
import { useEffect, useRef } from 'react';
import type { Inside, InsideCell } from '../../engine/api/types';
import type { MethodName } from '../../settings/methods';
import { pictureUrl } from '../images/pictures';
import { methodInUse } from '../shell/selectors';
import { getState, useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { NumberPicture, PixelPicture, useFading } from './GridPictures';
import { placeOf } from './places';
import { ComparisonSum } from './SumStrip';
import { msg, t } from '../languages/texts';

interface Words {
  seen: string;
  expected: string;
  formula: string;
}

const REBUILT: Words = { seen: msg('What it sees'), expected: msg('What it rebuilds'), formula: 'x' };

const WORDS: Partial<Record<MethodName, Words>> = {
  patchcore: { seen: msg('Patches'), expected: msg('Nearest remembered'), formula: 'm*' },
  padim: { seen: msg('What it sees'), expected: msg('Mean of each place'), formula: 'μ' },
  riad: { seen: msg('The image'), expected: msg('Painted anew'), formula: 'x' },
  simplenet: { seen: msg('What it sees'), expected: msg('Adapted features'), formula: 'q' },
};

interface Props {
  seen: Inside;
  pixel: number;
  sum: InsideCell | null;
  onPixel: (pixel: number) => void;
}

export function Comparison({ seen, pixel, sum, onPixel }: Props) {
  const words = WORDS[useApp(methodInUse)] ?? REBUILT;
  const { comparison, map } = seen;
  const fading = useFading(null, seen);
  const shared = { size: seen, pixel, fading, onPixel };
  const most = map?.values.reduce((a, b) => Math.max(a, b), 1e-6) ?? 1;
  return (
    <>
      {comparison && (
        <>
          <PixelPicture {...shared} area="seen" label={t(words.seen)} formula="φ" picture={comparison.seen} />
          <PixelPicture
            {...shared}
            area="expected"
            label={t(words.expected)}
            formula={words.formula}
            picture={comparison.expected}
          />
        </>
      )}
      {map && (
        <NumberPicture
          {...shared}
          {...{ area: 'map', label: t('Map'), formula: t('before smoothing'), map }}
          range={[map.values.reduce((a, b) => Math.min(a, b), 0), most]}
        />
      )}
      {!map && (
        <p className="inside-waiting muted" role="status">
          {t('No model answers for these features yet: here are the features alone.')}
        </p>
      )}
      {sum?.nearest && <NearestPatch nearest={sum.nearest} seen={seen} />}
      {sum?.axes && <Gaussian axes={sum.axes} />}
      {sum && comparison && <ComparisonSum seen={seen} sum={sum} names={[words.seen, words.expected]} />}
    </>
  );
}

/** Pixels a side of the crop, and how many pixels of the feature map it shows around the patch. */
const CROP = 160;
const AROUND = 3;

/** The nearest remembered patch, cut out of its training image. */
function NearestPatch({ nearest, seen }: { nearest: NonNullable<InsideCell['nearest']>; seen: Inside }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const name = useApp((state) => state.data.images[nearest.image]?.name ?? null);
  const { image, part, x, y } = nearest;
  const { width, height } = seen;
  useEffect(() => {
    const url = pictureUrl(image);
    if (!url) return undefined;
    const picture = new Image();
    let wanted = true;
    picture.onload = () => {
      if (wanted && canvas.current) crop(canvas.current, picture, { width, height, part }, y * width + x);
    };
    picture.src = url;
    return () => void (wanted = false);
  }, [image, part, x, y, width, height]);
  return (
    <figure className="inside-figure inside-own" style={{ gridArea: 'own' }}>
      <figcaption>
        <span className="clip">{t('Remembered from')}</span>
      </figcaption>
      <canvas
        ref={canvas}
        className="inside-crop"
        width={CROP}
        height={CROP}
        role="img"
        aria-label={t('Part of {name}', { name: name ?? t('a training image') })}
      />
      <p className="small muted clip">{name ?? t('An image that is not here any more')}</p>
    </figure>
  );
}

function crop(
  canvas: HTMLCanvasElement,
  picture: HTMLImageElement,
  size: { width: number; height: number; part: number },
  pixel: number,
): void {
  const { x, y } = placeOf(getState(), size, pixel);
  const side = ((2 * AROUND + 3) / size.width) * picture.naturalWidth;
  const [left, top] = [x * picture.naturalWidth - side / 2, y * picture.naturalHeight - side / 2];
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, CROP, CROP);
  context.drawImage(picture, left, top, side, side, 0, 0, CROP, CROP);
  // The patch itself: three pixels of the feature map.
  const own = (3 / (2 * AROUND + 3)) * CROP;
  context.strokeStyle = '#fff';
  context.lineWidth = 2;
  context.strokeRect((CROP - own) / 2, (CROP - own) / 2, own, own);
}

const VIEW = 100;

/** The place's Gaussian in the plane of the two axes along which the pixel deviates most. */
function Gaussian({ axes: { deviations, lengths } }: { axes: NonNullable<InsideCell['axes']> }) {
  const order = [...deviations.keys()].sort((a, b) => Math.abs(deviations[b]!) - Math.abs(deviations[a]!));
  const [first = 0, second = 0] = order;
  const [x, y] = [deviations[first]!, deviations[second] ?? 0];
  const scale = VIEW / 2 / Math.max(4, Math.abs(x), Math.abs(y)) / 1.1;
  const all = deviations.reduce((sum, value) => sum + value ** 2, 0);
  return (
    <figure className="inside-figure inside-own" style={{ gridArea: 'own' }}>
      <figcaption>
        <span className="clip">{t('Its Gaussian')}</span> <span className="formula">(μ, Σ)</span>
      </figcaption>
      <svg
        className="inside-gaussian"
        viewBox={`${-VIEW / 2} ${-VIEW / 2} ${VIEW} ${VIEW}`}
        role="img"
        aria-label={t(
          'The pixel lies {x} and {y} standard deviations from the mean along its two farthest axes',
          { x: formatScore(Math.abs(x)), y: formatScore(Math.abs(y)) },
        )}
      >
        {[1, 2, 3].map((sigma) => (
          <circle key={sigma} className="sigma" r={sigma * scale} />
        ))}
        <path className="axis" d={`M${-VIEW / 2} 0H${VIEW / 2}M0 ${-VIEW / 2}V${VIEW / 2}`} />
        <path className="reach" d={`M0 0L${x * scale} ${-y * scale}`} />
        <circle className="spot" cx={x * scale} cy={-y * scale} r={2.5} />
      </svg>
      <p className="small muted">
        {t(
          'Rings: 1, 2, 3 standard deviations along axes {first} and {second} of {lengths}; all together {all}.',
          { first: first + 1, second: second + 1, lengths: lengths.length, all: formatScore(Math.sqrt(all)) },
        )}
      </p>
    </figure>
  );
}
