// The left column: training and test images, files that were refused, and the promise about where images go.
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { imagesOf, isOwnSet, threshold } from '../shell/selectors';
import { ARRANGEMENTS, arranged } from './arrange';
import type { Arrangement, ImageRecord } from './dataSlice';
import { patch, useApp } from '../shell/store';
import { plural, formatScore } from '../controls/format';
import { classesOf, isOfClass, type ClassCount } from './classes';
import { ImageGrid } from './ImageGrid';
import { SelectedImage } from './SelectedImage';
import { LockLine } from '../lesson/Lock';
import type { Side } from '../../engine/api/types';
import { setFilter } from '../stage/actions';
import { Icon } from '../controls/Icon';
import { showClass } from './selection';
import { HelpTip } from '../help/HelpTip';
import { ProgressBar } from '../controls/ProgressBar';
import { addFiles } from './own';
import { FileButton } from '../controls/FileButton';
import { IMAGE_TYPES } from '../topBar/AddImages';

// What the first view does not show is loaded when it is first wanted.
const FewImages = lazy(() => import('./FewImages'));
const PickedImages = lazy(() => import('./PickedImages'));
const RefusedList = lazy(() => import('./RefusedList'));
const WantedImages = lazy(() => import('./WantedImages'));

/** Up to so many normal images a memory of them is offered in place of a training. */
const FEW_IMAGES = 16;

export function DataPanel() {
  const data = useApp((state) => state.data);
  const wanted = useApp((state) => state.link.wanted !== null);
  const scores = useApp((state) => state.scores.byId);
  const train = useMemo(() => imagesOf(data, 'train'), [data]);
  const test = useMemo(() => imagesOf(data, 'test'), [data]);
  const validation = useMemo(() => imagesOf(data, 'validation'), [data]);
  const classes = useMemo(() => classesOf(Object.values(data.images)), [data.images]);
  const { filter, onlyClass } = data;
  const shown = useCallback(
    ({ id, type }: ImageRecord) =>
      (filter === null || (scores[id]! >= filter[0] && scores[id]! <= filter[1])) &&
      isOfClass(type, onlyClass),
    [filter, onlyClass, scores],
  );
  const all = filter === null && onlyClass === null;
  const shownTrain = all ? train : train.filter(shown);
  const { arrangement } = data;
  const isFew =
    useApp(({ params }) => isOwnSet(params) && params.preset !== 'few-shot') &&
    train.length > 0 &&
    train.length <= FEW_IMAGES;
  const usual = data.status === 'loading' ? BUNDLED : NONE;
  // Only mistakes follow the line: while it is dragged the panel stands still otherwise.
  const line = useApp((state) => (state.data.arrangement === 'mistakes' ? threshold(state) : null));
  const shownTest = useMemo(
    () => arranged(all ? test : test.filter(shown), scores, line, arrangement),
    [all, test, shown, scores, line, arrangement],
  );
  return (
    <section className="panel data-panel" aria-label="Images">
      <LockLine />
      <Suspense>{wanted && <WantedImages />}</Suspense>
      <Suspense>{data.refusals.length > 0 && <RefusedList />}</Suspense>
      <Suspense>{isFew && <FewImages count={train.length} />}</Suspense>
      {filter && <FilterChip range={filter} />}
      {classes.length > 1 && <ClassChips classes={classes} />}
      <SplitHeader split="train" title="Train" count={`${partOf(shownTrain, train)}${kindsOf(train)}`} />
      {train.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="train" />
      ) : (
        <ImageGrid images={shownTrain} columns={6} label="Training images" expected={usual.train} />
      )}
      {validation.length > 0 && (
        <>
          <h2 className="panel-title validation-header">
            Validation <span className="muted small">{validation.length} normal</span>
          </h2>
          <ImageGrid
            images={all ? validation : validation.filter(shown)}
            columns={6}
            label="Validation images"
          />
        </>
      )}
      <SplitHeader
        split="test"
        title="Test"
        count={
          shownTest.length === test.length
            ? plural(test.length, 'image')
            : `${partOf(shownTest, test)} images`
        }
      />
      <ArrangementChoice defects={test.some(({ label }) => label === 1)} />
      {test.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="test" />
      ) : (
        <ImageGrid images={shownTest} columns={4} label="Test images" withScores expected={usual.test} />
      )}
      <Suspense>{data.marking || data.marked.length > 1 ? <PickedImages /> : <SelectedImage />}</Suspense>
      <WorkLine />
      <OwnSetRow />
      <PrivacyLine />
    </section>
  );
}

/** Images on either side of a bundled set, for which room is kept while it loads. */
const BUNDLED: Record<Side, number> = { train: 24, test: 16 };
const NONE: Record<Side, number> = { train: 0, test: 0 };

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

/** A side without images: says what belongs there. The whole page takes drops; this is where eyes look for it. */
const WORDS: Record<Side, string> = {
  train: 'Drop photos of good parts here: 20 to 50 for a first try, or a folder, zip or tar of a whole set.',
  test: 'Drop the images to judge here, good and bad ones.',
};

function EmptySplit({ split }: { split: Side }) {
  return <p className={`empty-split small ${split}`}>{WORDS[split]}</p>;
}

/** Which test images one wants to see first; there is something to choose as soon as there are scores. */
function ArrangementChoice({ defects }: { defects: boolean }) {
  const arrangement = useApp((state) => state.data.arrangement);
  const scored = useApp((state) => Object.keys(state.scores.byId).length > 1);
  const loading = useApp((state) => state.data.status === 'loading');
  if (!scored && !loading) return null;
  return (
    <div className="row arrangement">
      <label className="row small">
        <span className="muted">Order</span>
        <select
          className="select small"
          value={arrangement}
          disabled={!scored}
          onChange={(event) => patch('data', { arrangement: event.target.value as Arrangement })}
        >
          {Object.entries(ARRANGEMENTS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {defects && <span className="corner-key small muted">defect</span>}
    </div>
  );
}

/** Says that only some images are shown, and shows all again. */
function FilterChip({ range: [low, high] }: { range: [number, number] }) {
  return (
    <button type="button" className="button filter-chip" onClick={() => setFilter(null)}>
      Scores {formatScore(low)} to {formatScore(high)} only
      <Icon name="close" />
      <span className="visually-hidden">Show all images</span>
    </button>
  );
}

/** One chip for each class of a set of several: shows the images of that class only. The model is one for all of them. */
function ClassChips({ classes }: { classes: readonly ClassCount[] }) {
  const only = useApp((state) => state.data.onlyClass);
  return (
    <div className="class-chips" role="group" aria-label="Classes">
      <Chip name="All classes" pressed={only === null} onPress={() => showClass(null)} />
      {classes.map(({ name, images }) => (
        <Chip
          key={name}
          name={name}
          title={plural(images, 'image')}
          pressed={only === name}
          onPress={() => showClass(only === name ? null : name)}
        />
      ))}
    </div>
  );
}

interface ChipProps {
  name: string;
  title?: string;
  pressed: boolean;
  onPress: () => void;
}

function Chip({ name, title, pressed, onPress }: ChipProps) {
  return (
    <button type="button" className="chip small" aria-pressed={pressed} title={title} onClick={onPress}>
      {name.replaceAll('_', ' ')}
    </button>
  );
}

/** Where images go: nowhere. The line says what was observed: by the service worker, which sees every request and counts the bytes in its body; before there is one, by the page itself, which sees only its own requests to other hosts. */
function PrivacyLine() {
  const foreign = useApp((state) => state.layout.foreignRequests);
  const fetchedFrom = useApp((state) => state.weights.fetchedFrom);
  const { offline, watched, bytesSent, keptOffline } = useApp((state) => state.layout);
  const sent = watched || bytesSent > 0 ? `: ${plural(bytesSent, 'byte')} sent` : '';
  return (
    <p className="privacy small muted">
      <Icon name="lock" />
      <HelpTip topic="privacy" title="this promise">
        {foreign > 0
          ? `${plural(foreign, 'request')} to other hosts; images stay here${sent}`
          : fetchedFrom
            ? `Images stay here${sent}; weights requested from ${fetchedFrom}`
            : bytesSent > 0
              ? `This page has sent something${sent}`
              : `Nothing leaves this page${sent}`}
        {offline && ', offline'}
        {keptOffline && !offline && ', works without a network'}
      </HelpTip>
    </p>
  );
}

/** Of a set of the user's own: how its last files were read, with a way to say it otherwise; and its removal. */
function OwnSetRow() {
  const own = useApp((state) => state.data.set.id === 'own' && state.data.order.length > 0);
  const readable = useApp((state) => state.largeLoad.readable);
  if (!own) return null;
  return (
    <div className="row">
      {readable && (
        <button
          type="button"
          className="button quiet small"
          onClick={() => void import('./arriving').then(({ reviewReading }) => reviewReading())}
        >
          How these files were read
        </button>
      )}
      <span className="spring" />
      <button
        type="button"
        className="button quiet small"
        onClick={() => void import('./ownSets').then(({ removeOwnSet }) => removeOwnSet())}
      >
        Remove this set
      </button>
    </div>
  );
}

/** What is being done with the images right now: listing folders, reading and decoding, extracting features, scoring. */
function WorkLine() {
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

/** Heading of one side of the set, with its file and folder buttons. */
function SplitHeader({ split, title, count }: { split: Side; title: string; count: string }) {
  const what = split === 'train' ? 'normal images to train on' : 'images to test';
  return (
    <div className="split-header">
      <h2 className="panel-title">
        <HelpTip topic={split === 'train' ? 'trainImages' : 'testImages'} title={title}>
          {title} <span className="muted small">{count}</span>
        </HelpTip>
      </h2>
      <span className="spring" />
      <FileButton
        label={`Add ${what}`}
        icon="plus"
        accept={IMAGE_TYPES}
        multiple
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
      <FileButton
        label={`Add a folder of ${what}`}
        icon="folder"
        folder
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
    </div>
  );
}
