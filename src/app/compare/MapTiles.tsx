// The tiles: the image itself, then each model's map over it, painted as on the stage but each on its own model's scale,
// with the scale below. Maps are asked for when the image changes.
import { useEffect, useRef, useState } from 'react';
import { colormap, COLORMAP_ENTRIES } from '../../lib/overlay/colormaps';
import type { StashedMap } from '../../engine/api/types';
import { imageOf, readMaps } from './compareView';
import { usePicture } from '../images/usePicture';
import type { ComparedRun } from './compareSlice';
import { useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { mapUnit, rowName } from '../controls/methods';
import { paintTile, TILE } from './paintTile';
import { t } from '../languages/texts';

export function MapTiles({ runs }: { runs: readonly ComparedRun[] }) {
  const id = useApp(imageOf);
  const image = useApp((state) => (id === null ? null : (state.data.images[id] ?? null)));
  const stashed = useApp((state) => state.compare.stashed);
  const { maps, failed } = useMaps(id, runs, stashed);
  const url = usePicture(image);
  if (!image || url === null)
    return <p className="compare-hint muted">{t('Choose an image on the left.')}</p>;
  return (
    <div className="map-tiles" data-image={id}>
      <figure className="map-tile">
        <figcaption className="clip">{t('Image')}</figcaption>
        <img className="tile-picture" src={url} alt={t('{name} without a map', { name: image.name })} />
      </figure>
      {runs.map((run, i) => (
        <MapTile key={run.name} run={run} url={url} answer={maps?.[i] ?? null} failed={failed} />
      ))}
    </div>
  );
}

/** Maps in the order of the runs; null while they are on their way. */
function useMaps(id: string | null, runs: readonly ComparedRun[], stashed: readonly string[]) {
  const [answer, setAnswer] = useState<{ key: string; maps: StashedMap[] | null }>({ key: '', maps: null });
  const key = `${id} ${runs.map(({ name }) => name).join()} ${stashed.join()}`;
  useEffect(() => {
    if (id === null) return;
    let wanted = true;
    void readMaps(id, runs)
      .catch(() => null)
      .then((maps) => {
        if (wanted) setAnswer({ key, maps });
      });
    return () => void (wanted = false);
    // The key holds everything that the answer depends on.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  const here = answer.key === key;
  return { maps: here ? answer.maps : null, failed: here && answer.maps === null };
}

interface TileProps {
  run: ComparedRun;
  url: string;
  answer: StashedMap | null;
  failed: boolean;
}

function MapTile({ run, url, answer, failed }: TileProps) {
  const range = run.table!.ranges.fused;
  const line = run.table!.threshold?.value ?? null;
  const score = answer?.score ?? null;
  const above = score !== null && line !== null && score > line;
  const name = rowName(run.label);
  return (
    <figure className="map-tile" data-testid="map-tile">
      <figcaption className="row">
        <span className="clip">{name}</span>
        <span className="spring" />
        {score !== null && (
          <span className={above ? 'tile-score anomalous' : 'tile-score'}>{formatScore(score)}</span>
        )}
      </figcaption>
      <div className="tile-picture-box">
        <img className="tile-picture" src={url} alt="" />
        {answer?.map ? (
          <Painted map={answer.map} range={range} line={line} label={t('Anomaly map of {name}', { name })} />
        ) : (
          <p className="tile-message small">{messageOf(answer, failed)}</p>
        )}
      </div>
      <Scale range={range} unit={unitOf(run)} />
    </figure>
  );
}

const unitOf = ({ params }: ComparedRun) => mapUnit(params.method);

function messageOf(answer: StashedMap | null, failed: boolean): string {
  if (answer?.missing === 'model') return t('The model is not kept any more. Run it again to see its map.');
  if (answer?.missing === 'features') return t('It was trained on other features than are set now.');
  return failed ? t('The engine cannot answer now.') : t('Computing the map');
}

interface PaintedProps {
  map: NonNullable<StashedMap['map']>;
  range: [number, number];
  line: number | null;
  label: string;
}

function Painted({ map, range, line, label }: PaintedProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useApp((state) => state.params.colormap);
  const opacity = useApp((state) => state.params.opacity / 100);
  const contour = useApp((state) => state.params.contour);
  useEffect(() => {
    const pixels = paintTile({ map, range, colours, opacity, threshold: contour ? line : null });
    canvas.current!.getContext('2d')!.putImageData(new ImageData(pixels, TILE, TILE), 0, 0);
  }, [map, range, colours, opacity, contour, line]);
  return (
    <canvas ref={canvas} className="tile-overlay" width={TILE} height={TILE} role="img" aria-label={label} />
  );
}

/** Which colour is which value of this method. */
function Scale({ range, unit }: { range: [number, number]; unit: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useApp((state) => state.params.colormap);
  useEffect(() => {
    const table = new Uint8ClampedArray(colormap(colours));
    canvas.current!.getContext('2d')!.putImageData(new ImageData(table, COLORMAP_ENTRIES, 1), 0, 0);
  }, [colours]);
  return (
    <div
      className="tile-scale small muted"
      title={t('{unit}; one scale for all images of this method', { unit })}
    >
      <span>{formatScore(range[0])}</span>
      <canvas ref={canvas} width={COLORMAP_ENTRIES} height={1} aria-hidden="true" />
      <span>{formatScore(range[1])}</span>
    </div>
  );
}
