// One image of a grid: picture, corner mark for a labelled defect, score in the colour of the verdict.
import { memo } from 'react';
import { useLanguage } from '../languages/language';
import { threshold } from '../shell/selectors';
import type { ImageRecord } from './dataSlice';
import { useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { ThumbnailPicture } from './ThumbnailPicture';
import { msg, t } from '../languages/texts';
import { typeWords } from './classes';

interface Props {
  image: ImageRecord;
  domId: string;
  position: number;
  count: number;
  size: number;
  /** On screen. */
  selected: boolean;
  /** Picked, with others, for something to be done with them. */
  marked: boolean;
  withScore: boolean;
}

const LABELS = { 0: msg('normal'), 1: msg('defect'), null: msg('not labelled') };

export const Thumbnail = memo(function Thumbnail(props: Props) {
  useLanguage();
  const { image, domId, position, count, size, selected, marked, withScore } = props;
  const score = useApp((state) => state.scores.byId[image.id]);
  const above = useApp((state) => score !== undefined && score > (threshold(state) ?? Infinity));
  const label = image.label === 1 ? typeWords(image.type) : t(LABELS[`${image.label}`]);
  const verdict =
    score === undefined
      ? ''
      : t(', score {score}{what}', { score: formatScore(score), what: above ? t(', looks anomalous') : '' });
  return (
    <div
      id={domId}
      role="option"
      aria-selected={selected || marked}
      data-image={image.id}
      aria-setsize={count}
      aria-posinset={position}
      aria-label={`${image.name}, ${label}${verdict}`}
      title={`${image.name}: ${label}${verdict}`}
      className={`thumbnail ${image.label === 1 ? 'defect' : ''} ${marked ? 'marked' : ''} ${image.status}`}
    >
      <ThumbnailPicture image={image} size={size} />
      {withScore && (
        <span className={`thumbnail-score ${above ? 'above' : ''}`}>
          {score === undefined ? '' : formatScore(score)}
        </span>
      )}
    </div>
  );
});
