// The inside view: the way from features to map for the image on screen, drawn from left to right. It shares the stage with
// the image itself, on which the block can be dragged as ever. Loaded when it is first opened.
import { useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
import type { Inside, InsideGrids } from '../../engine/api/types';
import { occupancy, sampledCells } from '../../lib/methods/grad/cells';
import { readAt, selectNeighbour } from '../stage/actions';
import { getState, useApp } from '../shell/store';
import { Comparison } from './Comparison';
import { NumberPicture, PixelPicture, Plane, readersAlpha, Table, useFading } from './GridPictures';
import './inside.css';
import {
  pixelOf,
  pointAtCell,
  pointAtPixel,
  showPart,
  startInside,
  useInside,
  type PointedCell,
} from './insideLoop';
import { Lines, type Line } from './Lines';
import { pixelAt, placeOf, shownCells } from './places';
import { SumStrip } from './SumStrip';
import { t } from '../languages/texts';

export default function InsideView() {
  const seen = useInside((state) => state.seen);
  const pixel = useInside(pixelOf);
  const problem = useInside((state) => state.problem);
  const anchor = useRef<HTMLDivElement>(null);
  useEffect(startInside, []);
  useFollowedPointer(seen);
  const grids = seen === null || seen.grids !== null;
  useUnit(anchor, grids ? GRID_COLUMNS : OTHER_COLUMNS);
  return (
    <div ref={anchor} className={`inside-view ${grids ? 'grids' : ''}`}>
      {seen && pixel !== null ? <Diagram seen={seen} pixel={pixel} /> : <Waiting problem={problem} />}
    </div>
  );
}

function Waiting({ problem }: { problem: string | null }) {
  const engine = useApp((state) => state.engine.status);
  const text =
    problem ??
    (engine === 'unavailable' || engine === 'lost'
      ? t('Looking inside needs the engine, which is not there.')
      : t('Looking inside as soon as the engine has the features.'));
  return (
    <p className="inside-waiting muted" role="status">
      {text}
    </p>
  );
}

function Diagram({ seen, pixel }: { seen: Inside; pixel: number }) {
  const pointed = useInside((state) => state.pointed);
  const sum = useInside((state) => state.sum);
  const { grids, features } = seen;
  const readers = useMemo(
    () => (seen.grids ? readersAlpha({ seen: { ...seen, grids: seen.grids }, pointed }) : null),
    [seen, pointed],
  );
  const fading = useFading(readers, seen);
  return (
    <>
      <Heading area="h-features" text={t('Features')} />
      <PixelPicture
        {...{ area: 'phi', label: t('Feature map'), formula: 'φ(x)', picture: features }}
        {...{ size: seen, pixel, fading, onPixel: point }}
      />
      {grids ? (
        <Grids {...{ pixel, pointed }} seen={{ ...seen, grids }} fading={fading} readers={readers} />
      ) : (
        <Comparison seen={seen} pixel={pixel} sum={sum} onPixel={point} />
      )}
      {grids && sum && <SumStrip seen={{ ...seen, grids }} sum={sum} />}
    </>
  );
}

function Heading({ area, text }: { area: string; text: string }) {
  return (
    <h2 className="inside-heading" style={{ gridArea: area }}>
      {text}
    </h2>
  );
}

interface GridsProps {
  seen: Inside & { grids: InsideGrids };
  pixel: number;
  pointed: PointedCell | null;
  fading: ReturnType<typeof useFading>;
  readers: Float32Array | null;
}

function Grids({ seen, pixel, pointed, fading, readers }: GridsProps) {
  const { grids, map } = seen;
  const { local, global, sum } = grids;
  const at = [local[2 * pixel]!, local[2 * pixel + 1]!] as const;
  const range = useApp((state) => state.scores.ranges?.fused ?? null);
  const shared = { size: seen, pixel, fading, onPixel: point };
  const signed = sum === null;
  const most = map!.values.reduce((a, b) => Math.max(a, b), range?.[1] ?? 0);
  const least = signed ? map!.values.reduce((a, b) => Math.min(a, b), 0) : 0;
  return (
    <>
      <Heading area="h-look" text={t('Where it looks')} />
      <Heading area="h-grids" text={grids.normal && grids.abnormal ? t('The two grids') : t('The grid')} />
      <Heading area="h-rebuilt" text={t('Rebuilt')} />
      <Heading area="h-diff" text={signed ? t('Answer') : t('Difference')} />
      <Plane {...{ seen, pixel, pointed }} onPixel={point} />
      {(['normal', 'abnormal'] as const).map((branch) => {
        const of = grids[branch];
        return (
          of && (
            <div key={branch} className="inside-branch">
              <Table {...{ branch, of, at, pointed }} table="local" points={local} />
              <Table {...{ branch, of, pointed }} table="global" points={global} at={global} />
              <PixelPicture
                {...shared}
                area={`${branch}-rebuilt`}
                label={branch === 'normal' ? t('Normal') : t('Abnormal')}
                formula={
                  branch === 'normal'
                    ? 'xₙ'
                    : grids.fusion?.kind === 'lambda'
                      ? '(1 − λ)·xₐ'
                      : grids.fusion
                        ? 'w·xₐ'
                        : 'xₐ'
                }
                picture={of.rebuilt}
              />
            </div>
          )
        );
      })}
      {sum && (
        <>
          <PixelPicture {...shared} area="pre" label={t('Together')} formula="x_pre" picture={sum.fused} />
          <NumberPicture
            {...shared}
            {...{ area: 'sim', label: t('Alike'), formula: 'sim', range: [0, 1] }}
            map={{ width: seen.width, height: seen.height, values: sum.similarity }}
          />
          <PixelPicture {...shared} area="rec" label={t('Refined')} formula="x_rec" picture={sum.refined} />
        </>
      )}
      <NumberPicture
        {...shared}
        {...{ area: 'map', map: map!, range: [least, most] }}
        label={signed ? t('Looks pasted') : t('Distance')}
        formula={signed ? 'xₐ, channel 0' : '|x_rec − φ|'}
      />
      <Note {...{ seen, pointed, readers }} />
      {!pointed && <Lines lines={linesOf(seen, pixel)} />}
      {pointed && <Lines lines={[]} />}
    </>
  );
}

/** What is pointed at, in words; the ways to choose another image and tile. */
function Note({ seen, pointed, readers }: Omit<GridsProps, 'fading' | 'pixel'>) {
  const { width, height, parts, part } = seen;
  const coarse = width > 128 || height > 128;
  return (
    <div className="inside-note small" style={{ gridArea: 'note' }}>
      <Stepper what={t('image')} text={t('image')} onStep={selectNeighbour} />
      {parts > 1 && (
        <Stepper
          what={t('tile')}
          text={t('tile {part} of {parts}', { part: part + 1, parts })}
          onStep={(step) => showPart((part + step + parts) % parts)}
        />
      )}
      <p aria-live="polite">
        {pointed
          ? cellText(pointed, readers!, width * height)
          : t(
              'Dots: pixels, in the colours of their features; dashed ring: the whole image. Bright cells are read by this image.',
            )}
        {coarse && ` ${t('The map is drawn coarser than it is.')}`}
      </p>
      {pointed && (
        <button type="button" className="button quiet" onClick={() => pointAtCell(null)}>
          {t('Back to the pixel')}
        </button>
      )}
    </div>
  );
}

function Stepper({ what, text, onStep }: { what: string; text: string; onStep: (step: 1 | -1) => void }) {
  return (
    <span className="inside-steps">
      <button
        type="button"
        className="button quiet"
        aria-label={t('Previous {what}', { what })}
        onClick={() => onStep(-1)}
      >
        ‹
      </button>
      {text}
      <button
        type="button"
        className="button quiet"
        aria-label={t('Next {what}', { what })}
        onClick={() => onStep(1)}
      >
        ›
      </button>
    </span>
  );
}

function cellText({ branch, table }: PointedCell, readers: Float32Array, pixels: number): string {
  const count = readers.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
  if (table === 'global')
    return count > 0
      ? t(
          'This cell of the {branch} global table is read by the whole image, with a weight of {readers} %.',
          { branch, readers: Math.round(100 * readers[0]!) },
        )
      : t('This cell of the {branch} global table is not read by this image.', { branch });
  return count > 0
    ? t('This cell of the {branch} local table is read by {count} of {pixels} pixels: those that are lit.', {
        branch,
        count,
        pixels,
      })
    : t('No pixel of this image reads this cell of the {branch} local table.', { branch });
}

/** From the pixel to where it looks, to the cells that it and its image sample, and on to what becomes of it. */
function linesOf(seen: Inside & { grids: InsideGrids }, pixel: number): Line[] {
  const { width, height, grids } = seen;
  const on = (node: string) => ({
    node,
    x: ((pixel % width) + 0.5) / width,
    y: (Math.floor(pixel / width) + 0.5) / height,
  });
  const inShare = (value: number) => (value + 1) / 2;
  const place = {
    node: 'plane',
    x: inShare(grids.local[2 * pixel]!),
    y: inShare(grids.local[2 * pixel + 1]!),
  };
  const whole = { node: 'plane', x: inShare(grids.global[0]), y: inShare(grids.global[1]) };
  const lines: Line[] = [
    { from: { node: 'image', ...placeOf(getState(), seen, pixel) }, to: on('phi'), weight: 0.5, kind: 'way' },
    { from: on('phi'), to: place, weight: 1, kind: 'way' },
  ];
  for (const branch of ['normal', 'abnormal'] as const) {
    const of = grids[branch];
    if (!of) continue;
    for (const table of ['local', 'global'] as const) {
      const side = table === 'local' ? of.local.width : of.global.cells;
      const from = table === 'local' ? place : whole;
      const shown = shownCells(occupancy(table === 'local' ? grids.local : grids.global, side), side);
      const [x, y] = [2 * from.x - 1, 2 * from.y - 1];
      for (const { row, column, weight } of sampledCells(x, y, side)) {
        const to = {
          node: `${branch}-${table}`,
          x: (column + 0.5 - shown.left) / shown.size,
          y: (row + 0.5 - shown.top) / shown.size,
        };
        lines.push({ from, to, weight, kind: branch });
      }
    }
    const end = `${branch}-rebuilt`;
    lines.push({ from: { node: `${branch}-global`, x: 1, y: 0.5 }, to: on(end), weight: 0.3, kind: branch });
    if (grids.sum) lines.push({ from: on(end), to: on('pre'), weight: 0.5, kind: branch });
  }
  if (grids.sum) lines.push({ from: on('pre'), to: on('map'), weight: 0.5, kind: 'way' });
  return lines;
}

/** Pointing here is pointing at the image: the readout says the same place. */
function point(pixel: number): void {
  pointAtPixel(pixel);
  const { seen } = useInside.getState();
  if (seen) readAt(placeOf(getState(), seen, pixel));
}

/** Pointing at the image points here; where it was pointed last stays to be seen. */
function useFollowedPointer(seen: Inside | null): void {
  const x = useApp((state) => state.view.reading?.x ?? null);
  const y = useApp((state) => state.view.reading?.y ?? null);
  useEffect(() => {
    if (x === null || y === null || !seen) return;
    const pixel = pixelAt(getState(), seen, { x, y });
    if (pixel !== null && pixel !== useInside.getState().pixel) pointAtPixel(pixel);
    // A new answer moves nothing: only the pointer does.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [x, y]);
  // Of another image the strangest pixel is shown first.
  const image = useApp((state) => state.data.selected);
  useEffect(() => pointAtPixel(null), [image]);
}

const GRID_COLUMNS = { across: 7, rows: 2 };
const OTHER_COLUMNS = { across: 5, rows: 1 };
/** Besides the pictures: gaps, headings, captions and the sum. */
const AROUND = { width: 96, height: 232 };
const SMALLEST = 104;
const LARGEST = 320;
const GAPS_OF_TWO = 34;

/** Pictures as large as fit, in one size. */
function useUnit(
  anchor: RefObject<HTMLElement | null>,
  { across, rows }: { across: number; rows: number },
): void {
  useLayoutEffect(() => {
    const stage = anchor.current!.parentElement!;
    const fit = () => {
      const { clientWidth, clientHeight } = stage;
      // On a phone two beside each other, and the rest by scrolling.
      const narrow = stage.closest('.narrow') !== null;
      const unit = narrow
        ? (clientWidth - GAPS_OF_TWO) / 2
        : Math.min((clientWidth - AROUND.width) / across, (clientHeight - AROUND.height) / rows);
      stage.style.setProperty('--unit', `${Math.floor(Math.min(LARGEST, Math.max(SMALLEST, unit)))}px`);
    };
    const observer = new ResizeObserver(fit);
    observer.observe(stage);
    fit();
    return () => observer.disconnect();
  }, [anchor, across, rows]);
}
