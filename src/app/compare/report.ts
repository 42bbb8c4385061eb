// Runs as one HTML report: the comparison on screen, or the model on screen alone. Maps are those of models that the engine
// still has; what it has let go of is shown by name and score.
import type { ImageId, MapData } from '../../engine/api/types';
import { RESAMPLES } from '../../lib/scoring/metrics/bootstrap';
import { scoringOf } from '../../settings/scoring';
import { worstCases } from '../../report/cases';
import { reportHtml, type Picture } from '../../report/html';
import { PROGRAM } from '../../report/plan';
import { reportDocument, type ReportedRun, type ShownCase } from '../../report/runReport';
import { rowName } from '../controls/methods';
import { pictureUrl } from '../images/pictures';
import { modelAbout } from '../sessions/sessionContents';
import { engine } from '../shell/engineLink';
import { imagesOf } from '../shell/selectors';
import { getState } from '../shell/store';
import type { ComparedRun } from './compareSlice';
import { paintTile, TILE } from './paintTile';
import { ImagesChanged, printsOf } from './prints';
import { comparisonForFiles } from './tables';

/** Mistakes of either kind that are shown of a run. */
const MOST_CASES = 3;

/** Paints the pictures of a mistake. */
export type Painter = (id: ImageId, map: MapData | null, run: ComparedRun) => Promise<Picture[]>;

/** How a report comes by what there is to see of an image. */
interface Sight {
  /** Null where the engine has let go of the model, or cannot answer. */
  mapOf: (image: ImageId, run: ComparedRun) => Promise<MapData | null>;
  paint: Painter;
}

/** Of the comparison on screen. @returns a whole HTML file */
export function comparisonReport(paint: Painter = picturesOf): Promise<string> {
  return runsReport(getState().compare.runs, { mapOf: stashedMap, paint });
}

/**
 * Of the model on screen: scored anew, since figures on screen have neither curves nor intervals.
 * @returns a whole HTML file @throws what scoring throws, ImagesChanged
 */
export async function modelReport(paint: Painter = picturesOf): Promise<string> {
  const { params: scoring, data } = getState();
  const now = engine()!;
  const before = await printsOf(Object.values(data.images));
  const weights = (await now.features(undefined)).weights ?? '';
  const found = await now.scoreAll({ ...scoringOf(scoring), resamples: RESAMPLES, curves: true });
  const { params, threshold, seconds } = modelAbout();
  const { method, seed } = params;
  const run: ComparedRun = {
    ...{ name: method, label: method, seed, params, seconds, weights, program: PROGRAM, ...before },
    ...{ table: { ...found, threshold: threshold ?? found.threshold }, error: null, synthetic: null },
  };
  const mapOf = async (image: ImageId) =>
    (await now.readMap({ ...scoringOf(scoring), image, map: 'fused' }).catch(() => null)) ?? null;
  const html = await runsReport([run], { mapOf, paint });
  if (getState().data !== data && (await printsOf(Object.values(getState().data.images))).data !== before.data) throw new ImagesChanged(); // prettier-ignore
  return html;
}

async function runsReport(all: readonly ComparedRun[], sight: Sight): Promise<string> {
  const finished = all.filter(({ table }) => table !== null);
  const { title } = getState().data.set;
  const runs: ReportedRun[] = [];
  for (const run of finished) runs.push(await reportedRun(run, title, sight));
  const failures = all.flatMap(({ name, error }) => (error ? [`${name} failed: ${error.message}`] : []));
  const said = finished.flatMap(({ table }) => table!.notices ?? []).map(({ text }) => text);
  return reportHtml(
    reportDocument({
      title,
      made: new Date().toISOString(),
      program: PROGRAM,
      comparison: comparisonForFiles(finished, title, rowName),
      runs,
      data: dataFacts(finished),
      notices: [...failures, ...said],
    }),
  );
}

/** Several runs may be of other images: those that were there when each was made. */
function dataFacts(runs: readonly ComparedRun[]): [string, string][] {
  const { data } = getState();
  const test = imagesOf(data, 'test');
  const of = (label: 0 | 1 | null) => test.filter((image) => image.label === label).length;
  const each = (key: 'data' | 'images' | 'weights') =>
    [...new Set(runs.map((run) => run[key]))].filter(Boolean);
  return [
    ['Training images', String(imagesOf(data, 'train').length)],
    ['Test images', `${of(0)} normal, ${of(1)} anomalous, ${of(null)} not labelled`],
    ...each('data').map((print): [string, string] => ['SHA-256 of images, labels and masks', print]),
    ...each('images').map((print): [string, string] => ['SHA-256 of the test images among them', print]),
    ...each('weights').map((print): [string, string] => ['SHA-256 of the backbone’s weights', print]),
  ];
}

async function reportedRun(run: ComparedRun, title: string, { mapOf, paint }: Sight): Promise<ReportedRun> {
  const { images } = getState().data;
  const table = run.table!;
  const judged = table.images.flatMap(({ id, score }) => {
    const image = images[id];
    return image?.split === 'test' ? [{ id, name: image.name, label: image.label, score }] : [];
  });
  const cases: ShownCase[] = [];
  for (const { kind, image } of worstCases(judged, table.threshold, MOST_CASES)) {
    const pictures = await paint(image.id, await mapOf(image.id, run), run);
    cases.push({ kind, image, pictures });
  }
  const { adapter } = getState().engine;
  const name = adapter?.description || `${adapter?.vendor ?? ''} ${adapter?.architecture ?? ''}`.trim();
  return {
    ...{ className: title, method: rowName(run.label), seed: run.seed, params: run.params, cases },
    curves: table.curves ?? null,
    threshold: table.threshold,
    images: judged,
    parts: [{ title: 'By defect type, each against the normal images', rows: table.perType }],
    further: [],
    adapter: `${name || 'unknown'}, 3x3 convolution ${(adapter?.gflops ?? 0).toPrecision(3)} GFLOP/s`,
    seconds: run.seconds,
    msPerImage: table.msPerImage,
  };
}

async function stashedMap(image: ImageId, { name, params }: ComparedRun): Promise<MapData | null> {
  const answer = engine()?.readStashed({ image, models: [name], ...scoringOf(params) });
  return (await answer?.catch(() => null))?.[0]?.map ?? null;
}

/** The image as it is, and with its map over it; nothing where it cannot be shown. */
async function picturesOf(id: ImageId, map: MapData | null, run: ComparedRun): Promise<Picture[]> {
  const made = getState().data.images[id]?.showable === false ? await engine()?.picture(id) : null;
  const url = made ? URL.createObjectURL(made) : pictureUrl(id);
  if (!url) return [];
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const plain = { png: await pngOf(image, null), alt: 'the image' };
    if (!map) return [plain];
    const { colormap: colours, opacity } = getState().params;
    const { ranges, threshold } = run.table!;
    const look = {
      map,
      range: ranges.fused,
      colours,
      opacity: opacity / 100,
      threshold: threshold?.value ?? null,
    };
    const painted = new ImageData(paintTile(look), TILE, TILE);
    return [plain, { png: await pngOf(image, painted), alt: 'its anomaly map' }];
  } catch {
    return [];
  } finally {
    if (made) URL.revokeObjectURL(url);
  }
}

async function pngOf(image: HTMLImageElement, over: ImageData | null): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(TILE, TILE);
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0, TILE, TILE);
  if (over) context.drawImage(await createImageBitmap(over), 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
