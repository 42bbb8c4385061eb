// The left column: training and test images, files that were refused, and the promise about where images go.
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { imagesOf, isOwnSet, threshold } from '../shell/selectors';
import { ARRANGEMENTS, arranged } from './arrange';
import type { Arrangement, ImageRecord } from './dataSlice';
import { patch, useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { bareType, classesOf, isOfClass, typesOf, type ClassCount, typeWords } from './classes';
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
import { count, msg, t } from '../languages/texts';

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
  const types = useMemo(() => typesOf(test), [test]);
  const onlyType = types.some(({ name }) => name === data.onlyType) ? data.onlyType : null;
  const isFew =
    useApp(({ params }) => isOwnSet(params) && params.preset !== 'few-shot') &&
    train.length > 0 &&
    train.length <= FEW_IMAGES;
  const usual = data.status === 'loading' ? BUNDLED : NONE;
  // Only mistakes follow the line: while it is dragged the panel stands still otherwise.
  const line = useApp((state) => (state.data.arrangement === 'mistakes' ? threshold(state) : null));
  const shownTest = useMemo(() => {
    const ofType = onlyType === null ? test : test.filter(({ type }) => bareType(type) === onlyType);
    return arranged(all ? ofType : ofType.filter(shown), scores, line, arrangement);
  }, [all, test, shown, scores, line, arrangement, onlyType]);
  return (
    <section className="panel data-panel" aria-label={t('Images')}>
      <LockLine />
      <Suspense>{wanted && <WantedImages />}</Suspense>
      <Suspense>{data.refusals.length > 0 && <RefusedList />}</Suspense>
      <Suspense>{isFew && <FewImages count={train.length} />}</Suspense>
      {filter && <FilterChip range={filter} />}
      {classes.length > 1 && <ClassChips classes={classes} />}
      <SplitHeader split="train" title={t('Train')} part={`${partOf(shownTrain, train)}${kindsOf(train)}`} />
      {train.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="train" />
      ) : (
        <ImageGrid images={shownTrain} columns={6} label={t('Training images')} expected={usual.train} />
      )}
      {validation.length > 0 && (
        <>
          <h2 className="panel-title validation-header">
            {t('Validation')}{' '}
            <span className="muted small">{t('{validation} normal', { validation: validation.length })}</span>
          </h2>
          <ImageGrid
            images={all ? validation : validation.filter(shown)}
            columns={6}
            label={t('Validation images')}
          />
        </>
      )}
      <SplitHeader
        split="test"
        title={t('Test')}
        part={
          shownTest.length === test.length
            ? t('{test, plural, one {# image} other {# images}}', { test: test.length })
            : t('{part} images', { part: partOf(shownTest, test) })
        }
      />
      <ArrangementChoice defects={test.some(({ label }) => label === 1)} types={types} onlyType={onlyType} />
      {test.length === 0 && data.status !== 'loading' ? (
        <EmptySplit split="test" />
      ) : (
        <ImageGrid images={shownTest} columns={4} label={t('Test images')} withScores expected={usual.test} />
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
  return anomalous === 0 ? t(' normal') : t(', {anomalous, number} anomalous', { anomalous });
}

/** `24`, or `4 of 24` while only some are shown. */
const partOf = (shown: readonly unknown[], all: readonly unknown[]): string =>
  shown === all
    ? count(all.length)
    : t('{shown, number} of {all, number}', { shown: shown.length, all: all.length });

/** A side without images: says what belongs there. The whole page takes drops; this is where eyes look for it. */
const WORDS: Record<Side, string> = {
  train: msg(
    'Drop photos of good parts here: 20 to 50 for a first try, or a folder, zip or tar of a whole set.',
  ),
  test: msg('Drop the images to judge here, good and bad ones.'),
};

function EmptySplit({ split }: { split: Side }) {
  return <p className={`empty-split small ${split}`}>{t(WORDS[split])}</p>;
}

/** Which test images one wants to see first; there is something to choose as soon as there are scores. */
function ArrangementChoice({
  defects,
  types,
  onlyType,
}: {
  defects: boolean;
  types: readonly ClassCount[];
  onlyType: string | null;
}) {
  const arrangement = useApp((state) => state.data.arrangement);
  const scored = useApp((state) => Object.keys(state.scores.byId).length > 1);
  const loading = useApp((state) => state.data.status === 'loading');
  if (!scored && !loading) return null;
  return (
    <div className="row arrangement">
      <label className="row small">
        <span className={types.length > 0 ? 'visually-hidden' : 'muted'}>{t('Order')}</span>
        <select
          className="select small"
          value={arrangement}
          disabled={!scored}
          onChange={(event) => patch('data', { arrangement: event.target.value as Arrangement })}
        >
          {Object.entries(ARRANGEMENTS).map(([value, label]) => (
            <option key={value} value={value}>
              {t(label)}
            </option>
          ))}
        </select>
      </label>
      {types.length > 0 && (
        <select
          className="select small type-filter"
          aria-label={t('Type of the test images shown')}
          value={onlyType ?? ''}
          onChange={(event) => patch('data', { onlyType: event.target.value || null, marked: [] })}
        >
          <option value="">{t('all types')}</option>
          {types.map(({ name, images }) => (
            <option key={name} value={name}>
              {typeWords(name)} ({images})
            </option>
          ))}
        </select>
      )}
      {defects && (
        <span className={`corner-key small muted ${types.length > 0 ? 'below' : ''}`}>{t('defect')}</span>
      )}
    </div>
  );
}

/** Says that only some images are shown, and shows all again. */
function FilterChip({ range: [low, high] }: { range: [number, number] }) {
  return (
    <button type="button" className="button filter-chip" onClick={() => setFilter(null)}>
      {t('Scores {low} to {high} only', { low: formatScore(low), high: formatScore(high) })}
      <Icon name="close" />
      <span className="visually-hidden">{t('Show all images')}</span>
    </button>
  );
}

/** One chip for each class of a set of several: shows the images of that class only. The model is one for all of them. */
function ClassChips({ classes }: { classes: readonly ClassCount[] }) {
  const only = useApp((state) => state.data.onlyClass);
  return (
    <div className="class-chips" role="group" aria-label={t('Classes')}>
      <Chip name={t('All classes')} pressed={only === null} onPress={() => showClass(null)} />
      {classes.map(({ name, images }) => (
        <Chip
          key={name}
          name={name}
          title={t('{images, plural, one {# image} other {# images}}', { images })}
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
      {typeWords(name)}
    </button>
  );
}

/** Where images go: nowhere. The line says what was observed: by the service worker, which sees every request and counts the bytes in its body; before there is one, by the page itself, which sees only its own requests to other hosts. */
function PrivacyLine() {
  const foreign = useApp((state) => state.layout.foreignRequests);
  const fetchedFrom = useApp((state) => state.weights.fetchedFrom);
  const { offline, watched, bytesSent, keptOffline } = useApp((state) => state.layout);
  const sent =
    watched || bytesSent > 0
      ? t(': {bytesSent, plural, one {# byte} other {# bytes}} sent', { bytesSent })
      : '';
  return (
    <p className="privacy small muted">
      <Icon name="lock" />
      <HelpTip topic="privacy" title={t('this promise')}>
        {foreign > 0
          ? t(
              '{foreign, plural, one {# request} other {# requests}} to other hosts; images stay here{sent}',
              { foreign, sent },
            )
          : fetchedFrom
            ? t('Images stay here{sent}; weights requested from {fetchedFrom}', { sent, fetchedFrom })
            : bytesSent > 0
              ? t('This page has sent something{sent}', { sent })
              : t('Nothing leaves this page{sent}', { sent })}
        {offline && t(', offline')}
        {keptOffline && !offline && t(', works without a network')}
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
          {t('How these files were read')}
        </button>
      )}
      <span className="spring" />
      <button
        type="button"
        className="button quiet small"
        onClick={() => void import('./ownSets').then(({ removeOwnSet }) => removeOwnSet())}
      >
        {t('Remove this set')}
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
    return (
      <p className="small muted">
        {t('Looking through folders: {listed, plural, one {# file} other {# files}} so far', { listed })}
      </p>
    );
  const work = adding
    ? { what: t('Reading and decoding'), ...adding }
    : extracting
      ? { what: t('Extracting features'), ...extracting }
      : scoring
        ? { what: t('Scoring'), ...scoring }
        : null;
  if (!work) return null;
  return (
    <ProgressBar
      label={work.what}
      text={t('{what} {done} of {total}', { what: work.what, done: work.done, total: work.total })}
      fraction={work.done / work.total}
    />
  );
}

/** Heading of one side of the set, with its file and folder buttons. */
function SplitHeader({ split, title, part }: { split: Side; title: string; part: string }) {
  const training = split === 'train';
  return (
    <div className="split-header">
      <h2 className="panel-title">
        <HelpTip topic={split === 'train' ? 'trainImages' : 'testImages'} title={title}>
          {title} <span className="muted small">{part}</span>
        </HelpTip>
      </h2>
      <span className="spring" />
      <FileButton
        label={training ? t('Add normal images to train on') : t('Add images to test')}
        icon="plus"
        accept={IMAGE_TYPES}
        multiple
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
      <FileButton
        label={
          training ? t('Add a folder of normal images to train on') : t('Add a folder of images to test')
        }
        icon="folder"
        folder
        quiet
        onFiles={(files) => void addFiles(files, split)}
      />
    </div>
  );
}
