// What is being done with the images right now: listing folders, reading and decoding, extracting features, scoring.
import { useApp } from '../shell/store';
import { plural } from '../controls/format';
import { ProgressBar } from '../controls/ProgressBar';

export function WorkLine() {
  const listed = useApp((state) => state.largeLoad.listed);
  const adding = useApp((state) => state.data.adding);
  const extracting = useApp((state) => state.engine.extracting);
  const scoring = useApp((state) => state.scores.progress);
  if (listed !== null)
    return <p className="small muted">Looking through folders: {plural(listed, 'file')} so far</p>;
  const work = adding
    ? { what: 'Reading and decoding', ...adding }
    : extracting
      ? { what: 'Extracting features', ...extracting }
      : scoring
        ? { what: 'Scoring', ...scoring }
        : null;
  if (!work) return null;
  return (
    <ProgressBar
      label={work.what}
      text={`${work.what} ${work.done} of ${work.total}`}
      fraction={work.done / work.total}
    />
  );
}
