// The left column: training and test images, files that were refused, and the promise about where images go.
import { useMemo } from 'react';
import { imagesOf } from '../shell/selectors';
import type { ImageRecord } from './dataSlice';
import { useApp } from '../shell/store';
import { plural } from '../controls/format';
import { ClassChips } from './ClassChips';
import { classesOf, isOfClass } from './classes';
import { FilterChip } from './FilterChip';
import { ImageGrid } from './ImageGrid';
import { PrivacyLine } from './PrivacyLine';
import { RefusedList } from './RefusedList';
import { PickedImages } from './PickedImages';
import { SelectedImage } from './SelectedImage';
import { SplitHeader } from './SplitHeader';
import { WorkLine } from './WorkLine';
import { LockLine } from '../lesson/LockLine';
import { EmptySplit } from './EmptySplit';
import { WantedImages } from './WantedImages';

export function DataPanel() {
  const data = useApp((state) => state.data);
  const scores = useApp((state) => state.scores.byId);
  const train = useMemo(() => imagesOf(data, 'train'), [data]);
  const test = useMemo(() => imagesOf(data, 'test'), [data]);
  const classes = useMemo(() => classesOf(Object.values(data.images)), [data.images]);
  const { filter, onlyClass } = data;
  const shown = ({ id, type }: ImageRecord) =>
    (filter === null || (scores[id]! >= filter[0] && scores[id]! <= filter[1])) && isOfClass(type, onlyClass);
  const all = filter === null && onlyClass === null;
  const shownTrain = all ? train : train.filter(shown);
  const shownTest = all ? test : test.filter(shown);
  return (
    <section className="panel data-panel" aria-label="Images">
      <LockLine />
      <WantedImages />
      {filter && <FilterChip range={filter} />}
      {classes.length > 1 && <ClassChips classes={classes} />}
      <SplitHeader split="train" title="Train" count={`${partOf(shownTrain, train)}${kindsOf(train)}`} />
      {train.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="train" />
      ) : (
        <ImageGrid images={shownTrain} columns={6} label="Training images" />
      )}
      <SplitHeader
        split="test"
        title="Test"
        count={all ? plural(test.length, 'image') : `${partOf(shownTest, test)} images`}
      />
      {test.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="test" />
      ) : (
        <ImageGrid images={shownTest} columns={4} label="Test images" withScores />
      )}
      {data.marking || data.marked.length > 1 ? <PickedImages /> : <SelectedImage />}
      <WorkLine />
      <RefusedList />
      <PrivacyLine />
    </section>
  );
}

/** `normal`, unless some of the training images are defects to learn from. */
function kindsOf(train: readonly ImageRecord[]): string {
  const anomalous = train.filter(({ label }) => label === 1).length;
  return anomalous === 0 ? ' normal' : `, ${anomalous.toLocaleString('en')} anomalous`;
}

/** `24`, or `4 of 24` while only some are shown. */
const partOf = (shown: readonly unknown[], all: readonly unknown[]): string =>
  shown === all
    ? all.length.toLocaleString('en')
    : `${shown.length.toLocaleString('en')} of ${all.length.toLocaleString('en')}`;
