// A training to watch: the three maps side by side with the one lit that learns, the scores of normal and anomalous images
// drifting apart, a scrubber over what was kept, and afterwards the map before against the map after. Loaded with a run.
import { useEffect, useRef, useState } from 'react';
import { colormap } from '../../lib/overlay/colormaps';
import { paintOverlay } from '../../lib/overlay/paintOverlay';
import type { ImageId, MapData, Stage } from '../../engine/api/types';
import { branchesOf } from '../../settings/methods';
import { formatMetric } from '../controls/format';
import { Range } from '../controls/Range';
import { Switch } from '../controls/Switch';
import { ThumbnailPicture } from '../images/ThumbnailPicture';
import { isTraining, methodInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { setSlow } from './actions';
import { ScoreStrip } from './ScoreStrip';
import { showSnapshot, snapshotOnScreen, useWatch, type Maps } from './watch';
import { msg, t } from '../languages/texts';
import './watch.css';

type Kind = keyof Maps;

/** In the order in which they learn. */
const TILES: readonly { kind: Kind; name: string; learns: Stage }[] = [
  { kind: 'abnormal', name: msg('Abnormal'), learns: 1 },
  { kind: 'normal', name: msg('Normal'), learns: 2 },
  { kind: 'fused', name: msg('Fused'), learns: 2 },
];

export default function WatchPanel() {
  const snapshot = useWatch(snapshotOnScreen);
  const training = useApp(isTraining);
  const method = useApp(methodInUse);
  if (!snapshot) return null;
  const branches = branchesOf(method);
  const shown = TILES.filter(({ kind }) => kind === 'fused' || branches[kind]);
  return (
    <div className="watch" data-testid="watch">
      {shown.map(({ kind, name, learns }) => (
        <Tile
          key={kind}
          name={name}
          kind={kind}
          image={snapshot.image}
          map={snapshot.maps[kind]}
          lit={snapshot.stage === learns}
        />
      ))}
      {!training && <Wipe />}
      <div className="watch-scores">
        <ScoreStrip scores={snapshot.scores} />
        <Scrubber />
      </div>
    </div>
  );
}

interface TileProps {
  name: string;
  kind: Kind;
  image: ImageId | null;
  map: MapData | null;
  lit: boolean;
}

function Tile({ name, kind, image, map, lit }: TileProps) {
  return (
    <figure className={`watch-tile ${lit ? 'lit' : ''}`}>
      <Picture image={image}>
        <MapCanvas map={map} range={rangeOf(kind, map)} signed={kind === 'abnormal'} />
      </Picture>
      <figcaption className="small">
        {t(name)}
        {lit && <span className="watch-lit"> {t('learns')}</span>}
      </figcaption>
    </figure>
  );
}

function Picture({ image, children }: { image: ImageId | null; children: React.ReactNode }) {
  const record = useApp((state) => (image === null ? null : (state.data.images[image] ?? null)));
  return (
    <div className="watch-picture">
      {record && <ThumbnailPicture image={record} size={SIDE} />}
      {children}
    </div>
  );
}

/** Pixels of a painted map. */
const SIDE = 160;

function MapCanvas(props: {
  map: MapData | null;
  range: [number, number];
  signed?: boolean;
  label?: string;
}) {
  const { map, range, signed = false } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useApp((state) => state.params.colormap);
  const [low, high] = range;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, SIDE, SIDE);
    if (!map) return;
    const pixels = paintOverlay({
      map: map.values,
      width: map.width,
      height: map.height,
      outWidth: SIDE,
      outHeight: SIDE,
      range: [low, high],
      lut: colormap(signed ? 'diverging' : colours),
      opacity: 0.7,
      fade: signed ? 0 : 0.75,
      threshold: null,
    });
    context.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
  }, [map, low, high, signed, colours]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} aria-hidden="true" />;
}

/** Its own extremes; around zero for the signed map. */
function rangeOf(kind: Kind, map: MapData | null): [number, number] {
  if (!map) return [0, 1];
  const [low, high] = extremes(map);
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return kind === 'abnormal' ? [-reach, reach] : [low, high];
}

function extremes({ values }: MapData): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Goes back to what was kept, and slows the run down. */
function Scrubber() {
  const count = useWatch(({ snapshots }) => snapshots.length);
  const at = useWatch(({ snapshots, at }) => at ?? snapshots.length - 1);
  const snapshot = useWatch(snapshotOnScreen)!;
  const slow = useApp((state) => state.training.slow);
  const training = useApp(isTraining);
  const { stage, epoch, epochs, step, steps } = snapshot;
  const where =
    stage === null ? t('finished') : t('stage {stage}, epoch {epoch} of {epochs}', { stage, epoch, epochs });
  return (
    <div className="watch-scrubber">
      <Range
        label={t('Moment of the training')}
        row={{ min: 0, max: Math.max(1, count - 1), step: 1, integer: true }}
        value={at}
        unit={`, ${where}`}
        disabled={count < 2}
        onChange={showSnapshot}
      />
      <p className="small muted row">
        <span className="clip">{t('kept at step {step} of {steps}: {where}', { step, steps, where })}</span>
        <span className="spring" />
        {training && (
          <Switch checked={slow} onChange={setSlow}>
            {t('Slow')}
          </Switch>
        )}
      </p>
    </div>
  );
}

/** The map of the model before and of the one after, one over the other, with the line between them to be moved. */
function Wipe() {
  const before = useWatch((state) => state.before);
  const after = useWatch((state) => state.snapshots.at(-1) ?? null);
  const first = useWatch((state) => state.snapshots[0] ?? null);
  const auroc = useApp((state) => (state.scores.status === 'ready' ? state.scores.metrics : null));
  const [share, setShare] = useState(50);
  const now = after?.maps.fused;
  const same = before !== null && before.image === after?.image;
  const old = same ? before.map : first?.image === after?.image ? first?.maps.fused : null;
  if (!now || !old) return null;
  const high = Math.max(extremes(now)[1], extremes(old)[1]);
  const figures: [number | null, number | null] = [same ? before.auroc : null, auroc?.image_auroc ?? null];
  return (
    <figure className="watch-tile wipe">
      <Picture image={after!.image}>
        <MapCanvas map={now} range={[0, high]} />
        <div className="wipe-before" style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}>
          <Picture image={after!.image}>
            <MapCanvas map={old} range={[0, high]} />
          </Picture>
        </div>
        <span className="wipe-line" style={{ left: `${share}%` }} />
        <input
          type="range"
          min={0}
          max={100}
          value={share}
          aria-label={t('Before, to the left of the line; after, to its right')}
          aria-valuetext={t('{share} % before', { share })}
          onChange={(event) => setShare(Number(event.target.value))}
        />
      </Picture>
      <figcaption className="small" data-testid="wipe">
        {t('{what} | after{figures}', {
          what: same ? t('Before') : t('Untrained'),
          figures: difference(figures),
        })}
      </figcaption>
    </figure>
  );
}

/** Of the figures before and after, where both are there. */
function difference([before, after]: [number | null, number | null]): string {
  if (before === null || after === null) return '';
  const sign = after < before ? '−' : '+';
  return t(', AUROC {after} ({sign}{after2})', {
    after: formatMetric(after),
    sign,
    after2: formatMetric(Math.abs(after - before)),
  });
}
