// Scores as a table, maps as one picture, and a report of the model, to be taken away with one click. Loaded then.
import { scoresCsv } from '../../report/csv';
import { colormap } from '../../lib/overlay/colormaps';
import { paintOverlay } from '../../lib/overlay/paintOverlay';
import { scoringOf } from '../../settings/scoring';
import { formatScore } from '../controls/format';
import type { ImageRecord } from '../images/dataSlice';
import { pictureUrl } from '../images/pictures';
import { storedMap } from '../keeping/storedMaps';
import { download } from '../shell/download';
import { engine } from '../shell/engineLink';
import { imagesOf, threshold } from '../shell/selectors';
import { getState } from '../shell/store';
import { t } from '../languages/texts';

const name = (what: string) => `${getState().data.set.id || 'images'}-${what}`;

/** Every scored image with its label, score and what the line says of it. */
export function saveScores(): void {
  const state = getState();
  const { data, scores } = state;
  const line = threshold(state);
  const images = data.order.flatMap((id) => {
    const { name: path, type, label } = data.images[id]!;
    const score = scores.byId[id];
    return score === undefined ? [] : [{ path, type, label, score }];
  });
  const decided = line === null ? null : { value: line, source: 'set by hand' as const };
  download(scoresCsv(images, decided), name('scores.csv'), 'text/csv');
}

/** The model on screen as one HTML report that prints. @throws what scoring and reading throw */
export async function saveReport(): Promise<void> {
  const { modelReport } = await import('../compare/report');
  download(await modelReport(), name('report.html'), 'text/html');
}

/** Side of one image, in pixels, and how many stand in a row. */
const SIDE = 256;
const COLUMNS = 6;
const GAP = 8;
const WORDS = 36;
/** More would make a picture that few programs open; the strangest come first. */
const MOST = 60;

/** The test images with their maps, strangest first, as one PNG. */
export async function saveMaps(): Promise<void> {
  const state = getState();
  const { byId, ranges } = state.scores;
  const test = imagesOf(state.data, 'test').filter(({ id }) => byId[id] !== undefined);
  const shown = test.sort((a, b) => byId[b.id]! - byId[a.id]!).slice(0, MOST);
  const canvas = document.createElement('canvas');
  const columns = Math.min(COLUMNS, Math.max(1, shown.length));
  canvas.width = GAP + columns * (SIDE + GAP);
  canvas.height = GAP + Math.ceil(shown.length / columns) * (SIDE + WORDS + GAP);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = '13px Helvetica, Arial, sans-serif';
  for (const [index, image] of shown.entries()) {
    const x = GAP + (index % columns) * (SIDE + GAP);
    const y = GAP + Math.floor(index / columns) * (SIDE + WORDS + GAP);
    await drawOne(context, image, x, y, ranges?.fused ?? null);
    context.fillStyle = '#111';
    context.fillText(image.name.split('/').slice(-2).join('/'), x, y + SIDE + 14, SIDE);
    context.fillText(t('score {byId}', { byId: formatScore(byId[image.id]!) }), x, y + SIDE + 30, SIDE);
  }
  canvas.toBlob((blob) => blob && download(blob, name('maps.png')));
}

async function drawOne(
  context: CanvasRenderingContext2D,
  { id }: ImageRecord,
  x: number,
  y: number,
  range: [number, number] | null,
): Promise<void> {
  const state = getState();
  const { params } = state;
  const picture = new Image();
  picture.src = pictureUrl(id) ?? '';
  // A format that browsers do not show leaves its place grey.
  const there = await picture.decode().then(
    () => true,
    () => false,
  );
  context.fillStyle = '#ddd';
  context.fillRect(x, y, SIDE, SIDE);
  if (there) context.drawImage(picture, x, y, SIDE, SIDE);
  const map =
    storedMap(id) ??
    (await engine()
      ?.readMap({ ...scoringOf(params), image: id, map: 'fused' })
      .catch(() => null));
  if (!map) return;
  const pixels = paintOverlay({
    map: map.values,
    width: map.width,
    height: map.height,
    outWidth: SIDE,
    outHeight: SIDE,
    range: range ?? [0, map.values.reduce((a: number, b: number) => Math.max(a, b), 1e-6)],
    lut: colormap(params.colormap),
    opacity: params.opacity / 100,
    fade: 0.75,
    threshold: params.contour ? threshold(state) : null,
    lineWidth: 2,
  });
  context.drawImage(await createImageBitmap(new ImageData(pixels, SIDE, SIDE)), x, y);
}
