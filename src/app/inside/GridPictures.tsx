// The grids' part of the inside view: where each pixel looks, both tables of both branches, what they rebuild, their sum,
// and what is left.
import { useCallback, useMemo } from 'react';
import { inCells, occupancy, readersOf, sampledCells } from '../../lib/methods/grad/cells';
import { colormap } from '../../lib/overlay/colormaps';
import type { FeaturePicture, Inside, InsideBranch, InsideGrids } from '../../engine/api/types';
import { useApp } from '../shell/store';
import { drawNumbers, drawPicture, type Alpha } from './drawing';
import { Figure, Frame, type Grid } from './Figure';
import { pointAtCell, type PointedCell } from './insideLoop';
import { onSize, shownCells } from './places';
import { msg, t } from '../languages/texts';

interface Shared {
  seen: Inside & { grids: InsideGrids };
  pixel: number;
  pointed: PointedCell | null;
  onPixel: (pixel: number) => void;
}

/** Which pixels a pointed cell is read by, 0 to 1 of the most; null while no cell is pointed at. */
export function readersAlpha({ seen: { grids, width, height }, pointed }: Omit<Shared, 'onPixel' | 'pixel'>) {
  if (!pointed) return null;
  if (pointed.table === 'global') {
    const branch = grids[pointed.branch];
    const own = branch ? readersOf(grids.global, branch.global.cells, pointed.cell)[0]! : 0;
    return new Float32Array(width * height).fill(own);
  }
  const side = grids[pointed.branch]?.local.width ?? 1;
  return readersOf(grids.local, side, pointed.cell);
}

const FAINT = 0.12;

/** Pixels that do not read the pointed cell fade. */
export function useFading(readers: Float32Array | null, from: { width: number; height: number }) {
  return useCallback(
    (to: { width: number; height: number }): Alpha | undefined => {
      if (!readers) return undefined;
      const most = readers.reduce((a, b) => Math.max(a, b), 1e-6);
      return (place) => {
        const weight = readers[onSize(place, to, from)]!;
        return weight > 0 ? 0.45 + (0.55 * weight) / most : FAINT;
      };
    },
    [readers, from],
  );
}

interface PixelPictureProps {
  area: string;
  label: string;
  formula: string;
  picture: FeaturePicture;
  size: { width: number; height: number };
  pixel: number;
  fading: ReturnType<typeof useFading>;
  onPixel: (pixel: number) => void;
}

/** Features of every pixel, as colours. */
export function PixelPicture(props: PixelPictureProps) {
  const { area, label, formula, picture, size, pixel, fading, onPixel } = props;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => drawPicture(canvas, picture, fading(picture)),
    [picture, fading],
  );
  const grid = pixelGrid(size, pixel, onPixel);
  return (
    <Figure {...{ area, label, formula, grid, draw }}>
      <Frame columns={size.width} at={pixel} />
    </Figure>
  );
}

export const pixelGrid = (
  { width, height }: { width: number; height: number },
  pixel: number | null,
  onPoint: (pixel: number) => void,
): Grid => ({ columns: width, rows: height, at: pixel, unit: t('pixel'), onPoint });

interface NumberPictureProps extends Omit<PixelPictureProps, 'picture'> {
  map: { width: number; height: number; values: Float32Array<ArrayBuffer> };
  range: readonly [number, number];
}

/** A number of every pixel, by the colours of the map. */
export function NumberPicture(props: NumberPictureProps) {
  const { area, label, formula, map, range, size, pixel, fading, onPixel } = props;
  const colours = useApp((state) => state.params.colormap);
  const [low, high] = range;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) =>
      drawNumbers(canvas, map, { table: colormap(colours), range: [low, high] }, fading(map)),
    [map, colours, low, high, fading],
  );
  const says = t('{value} here.', { value: map.values[onSize(pixel, size, map)]!.toFixed(3) });
  return (
    <Figure {...{ area, label, formula, draw, says }} grid={pixelGrid(size, pixel, onPixel)}>
      <Frame columns={size.width} at={pixel} />
    </Figure>
  );
}

/** Pixels of the plane's canvas, and dots drawn at most. */
const PLANE = 320;
const MOST_DOTS = 4096;

/** Every pixel as a dot where it looks, the whole image as a ring. */
export function Plane({ seen, pixel, pointed, onPixel }: Shared) {
  const { grids, features, width, height } = seen;
  const { local, global } = grids;
  const side = (grids.normal ?? grids.abnormal)!.local.width;
  const readers = useMemo(() => readersAlpha({ seen, pointed }), [seen, pointed]);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      canvas.width = canvas.height = PLANE;
      const context = canvas.getContext('2d')!;
      drawLattice(context, side);
      const every = Math.ceil((width * height) / MOST_DOTS);
      const radius = Math.max(2.5, 7 - Math.log2(width * height) / 2.4);
      for (let i = 0; i < width * height; i += every) {
        const at = 3 * onSize(i, { width, height }, features);
        const [r, g, b] = [features.rgb[at]!, features.rgb[at + 1]!, features.rgb[at + 2]!];
        const alpha = readers ? (readers[i]! > 0 ? 1 : FAINT) : 0.9;
        context.fillStyle = `rgb(${r} ${g} ${b} / ${alpha})`;
        context.beginPath();
        context.arc(inCells(local[2 * i]!, PLANE), inCells(local[2 * i + 1]!, PLANE), radius, 0, 2 * Math.PI);
        context.fill();
      }
    },
    [side, width, height, local, features, readers],
  );
  // The nearest dot: a plane of places finer than any table.
  const onPoint = (place: number) => {
    const [x, y] = [((place % FINE) + 0.5) / FINE, (Math.floor(place / FINE) + 0.5) / FINE];
    onPixel(nearest(local, 2 * x - 1, 2 * y - 1));
  };
  const [x, y] = [inCells(local[2 * pixel]!, FINE), inCells(local[2 * pixel + 1]!, FINE)];
  const at = Math.min(FINE - 1, Math.floor(y)) * FINE + Math.min(FINE - 1, Math.floor(x));
  const grid = { columns: FINE, rows: FINE, at, unit: t('coordinate'), onPoint };
  return (
    <Figure area="plane" label={t('All pixels')} formula="(x, y)" {...{ grid, draw }}>
      <circle
        className="ring-casing"
        cx={inCells(global[0], FINE)}
        cy={inCells(global[1], FINE)}
        r={FINE / 22}
      />
      <circle className="ring" cx={inCells(global[0], FINE)} cy={inCells(global[1], FINE)} r={FINE / 22} />
      <circle className="dot-casing" cx={x} cy={y} r={FINE / 30} />
      <circle className="dot" cx={x} cy={y} r={FINE / 30} />
    </Figure>
  );
}

const FINE = 64;

function drawLattice(context: CanvasRenderingContext2D, side: number): void {
  context.clearRect(0, 0, PLANE, PLANE);
  context.strokeStyle = 'rgb(128 128 128 / 0.3)';
  if (side > 32) return;
  for (let i = 1; i < side; i++) {
    const at = Math.round((i / side) * PLANE) + 0.5;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, PLANE);
    context.moveTo(0, at);
    context.lineTo(PLANE, at);
    context.stroke();
  }
}

function nearest(points: Float32Array, x: number, y: number): number {
  let [best, least] = [0, Infinity];
  for (let i = 0; 2 * i < points.length; i++) {
    const square = (points[2 * i]! - x) ** 2 + (points[2 * i + 1]! - y) ** 2;
    if (square < least) [best, least] = [i, square];
  }
  return best;
}

interface TableProps {
  branch: 'normal' | 'abnormal';
  table: 'local' | 'global';
  of: InsideBranch;
  /** All points that read it, x and y in turn, and the one that is looked at. */
  points: ArrayLike<number>;
  at: readonly [number, number];
  pointed: PointedCell | null;
}

const NAMES = {
  normal: { local: msg('Normal, local'), global: msg('Normal, global') },
  abnormal: { local: msg('Abnormal, local'), global: msg('Abnormal, global') },
};
/** Weights are written into cells of tables that have no more a side. */
const ROOMY = 5;

/** One table: colours of its cells, brighter the more of the image reads them; the sampled cells glow by their weights. */
export function Table({ branch, table, of, points, at, pointed }: TableProps) {
  const side = table === 'local' ? of.local.width : of.global.cells;
  const read = useMemo(() => occupancy(points, side), [points, side]);
  const { left, top, size } = useMemo(() => shownCells(read, side), [read, side]);
  const picture = of[table];
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const most = Math.max(1e-6, ...read);
      const cells = { width: side, height: side };
      const each = picture.width / side;
      const share: Alpha = (place) => 0.22 + 0.78 * Math.sqrt(read[onSize(place, picture, cells)]! / most);
      drawPicture(canvas, picture, share, { left: left * each, top: top * each, size: size * each });
    },
    [picture, read, side, left, top, size],
  );
  const own = pointed?.branch === branch && pointed.table === table ? pointed.cell : null;
  const inWindow = own === null ? null : (Math.floor(own / side) - top) * size + (own % side) - left;
  const sampled = pointed ? [] : sampledCells(at[0], at[1], side);
  const grid: Grid = {
    columns: size,
    rows: size,
    at: inWindow,
    unit:
      size < side
        ? t('the {size} × {size} of {side} × {side} cells that are read', { size, side })
        : t('{side} × {side} cells', { side }),
    onPoint: (place) => {
      const cell = (Math.floor(place / size) + top) * side + (place % size) + left;
      pointAtCell({ branch, table, cell });
    },
    onLeave: () => pointAtCell(null),
  };
  const says = own === null ? '' : t('Read by {read}.', { read: (read[own] ?? 0).toFixed(1) });
  const formula = size < side ? t('{size} of {side}', { size, side }) : `${side}×${side}`;
  return (
    <Figure
      {...{ area: `${branch}-${table}`, formula, grid, draw, says }}
      label={t(NAMES[branch][table])}
      aspect={1}
    >
      {size <= 32 && <Seams side={size} />}
      <g transform={`translate(${-left} ${-top})`}>
        {!pointed && (
          <circle className="sample" cx={inCells(at[0], side)} cy={inCells(at[1], side)} r={size / 40} />
        )}
        {sampled.map(({ row, column, weight }) => (
          <g key={`${row} ${column}`}>
            <rect className="frame-casing" x={column} y={row} width={1} height={1} />
            <rect
              className={`glow ${branch}`}
              x={column}
              y={row}
              width={1}
              height={1}
              style={{ strokeOpacity: 0.35 + 0.65 * weight }}
            />
            {size <= ROOMY && (
              <text className="weight" x={column + 0.5} y={row + 0.76}>
                {Math.round(100 * weight)}
              </text>
            )}
          </g>
        ))}
      </g>
      <Frame columns={size} at={inWindow} kind={branch} />
    </Figure>
  );
}

/** Between the cells. */
function Seams({ side }: { side: number }) {
  const at = Array.from({ length: side - 1 }, (_, i) => i + 1);
  return <path className="seams" d={at.map((i) => `M${i} 0V${side}M0 ${i}H${side}`).join('')} />;
}
