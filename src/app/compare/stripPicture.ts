// The maps side by side as one picture: image first, then every method's map over it, with names and scales.
import { colormap, COLORMAP_ENTRIES } from '../../lib/overlay/colormaps';
import type { MapData } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import type { ComparedRun } from './compareSlice';
import { formatScore } from '../controls/format';
import { rowName } from '../controls/methods';
import { paintTile } from './paintTile';
import { t } from '../languages/texts';

const SIDE = 256;
const GAP = 8;
const TITLE = 22;
const SCALE = 26;

/** @param url of the image @returns a PNG */
export async function stripPng(
  url: string,
  tiles: readonly { run: ComparedRun; map: MapData | null }[],
  { colormap: colours, opacity, contour }: Params,
): Promise<Blob> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = (tiles.length + 1) * (SIDE + GAP) + GAP;
  canvas.height = TITLE + SIDE + SCALE + GAP;
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = '14px Helvetica, Arial, sans-serif';
  const left = (index: number) => GAP + index * (SIDE + GAP);
  drawTitle(context, t('Image'), left(0));
  context.drawImage(image, left(0), TITLE, SIDE, SIDE);
  for (const [i, { run, map }] of tiles.entries()) {
    const x = left(i + 1);
    const { ranges, threshold } = run.table!;
    const range = ranges.fused;
    drawTitle(context, rowName(run.label), x);
    context.drawImage(image, x, TITLE, SIDE, SIDE);
    if (!map) continue;
    const line = contour ? (threshold?.value ?? null) : null;
    const pixels = paintTile({ map, range, colours, opacity: opacity / 100, threshold: line });
    context.drawImage(await createImageBitmap(new ImageData(pixels, SIDE, SIDE)), x, TITLE);
    await drawScale(context, x, range, colours);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be written.')))),
  );
}

function drawTitle(context: CanvasRenderingContext2D, title: string, x: number): void {
  context.fillStyle = '#111';
  context.fillText(title, x, TITLE - 6, SIDE);
}

async function drawScale(
  context: CanvasRenderingContext2D,
  x: number,
  [low, high]: [number, number],
  colours: Params['colormap'],
): Promise<void> {
  const y = TITLE + SIDE + 6;
  const table = new ImageData(new Uint8ClampedArray(colormap(colours)), COLORMAP_ENTRIES, 1);
  context.drawImage(await createImageBitmap(table), x + 48, y, SIDE - 96, 10);
  context.fillStyle = '#111';
  context.fillText(formatScore(low), x, y + 10, 44);
  context.textAlign = 'right';
  context.fillText(formatScore(high), x + SIDE, y + 10, 44);
  context.textAlign = 'left';
}
