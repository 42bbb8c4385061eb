// The left column: training and test images, files that were refused, and the promise about where images go.
import { useMemo } from 'react';
import { imagesOf } from '../../state/selectors';
import { useApp } from '../../state/store';
import { plural } from '../format';
import { FilterChip } from './FilterChip';
import { ImageGrid } from './ImageGrid';
import { PrivacyLine } from './PrivacyLine';
import { RefusedList } from './RefusedList';
import { SelectedImage } from './SelectedImage';
import { SplitHeader } from './SplitHeader';
import { WorkLine } from './WorkLine';
import { EmptySplit } from './EmptySplit';

export function DataPanel() {
  const data = useApp((state) => state.data);
  const scores = useApp((state) => state.scores.byId);
  const train = useMemo(() => imagesOf(data, 'train'), [data]);
  const test = useMemo(() => imagesOf(data, 'test'), [data]);
  const { filter } = data;
  const within = (id: string) => filter === null || (scores[id]! >= filter[0] && scores[id]! <= filter[1]);
  const shownTrain = filter ? train.filter(({ id }) => within(id)) : train;
  const shownTest = filter ? test.filter(({ id }) => within(id)) : test;
  return (
    <section className="panel data-panel" aria-label="Images">
      {filter && <FilterChip range={filter} />}
      <SplitHeader split="train" title="Train" count={`${train.length.toLocaleString('en')} normal`} />
      {train.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="train" />
      ) : (
        <ImageGrid images={shownTrain} columns={6} label="Training images" />
      )}
      <SplitHeader split="test" title="Test" count={plural(test.length, 'image')} />
      {test.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="test" />
      ) : (
        <ImageGrid images={shownTest} columns={4} label="Test images" withScores />
      )}
      <SelectedImage />
      <WorkLine />
      <RefusedList />
      <PrivacyLine />
    </section>
  );
}
