// `score`: a trained session on new images. Prints one line per image, the most anomalous first.
import type { ScoreTable, SetNotice } from '../engine/api/types';
import type { PixelRange } from '../lib/images/pixelRange';
import { thresholdByHand } from '../lib/scoring/metrics/threshold';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import type { SessionThreshold } from '../session/types';
import { backbonePath, weightsFor } from './backbone';
import type { DatasetImage } from './data/dataset';
import { OtherBackbone, UnfitData } from './errors';
import { writeBytes } from './data/files';
import { imageFilesIn } from './data/imagesToScore';
import { layoutOf, type LayoutFlags } from './data/layoutFlags';
import { deliver } from './output/deliver';
import { assertMapTargets, writeMaps } from './output/maps';
import { alignColumns, SCHEMA } from './output/report';
import { openSession } from './session';
import { addImages, configure } from './steps';
import type { Terminal } from './output/terminal';
import type { ThresholdRequest } from './threshold';
import { Workbench, type EngineFactory } from './bench/workbench';

export interface ScoreRequest {
  session: string;
  /** Image files, and folders that are searched for them. */
  images: string[];
  /** What says which files in folders are masks; without: names and words. */
  layout?: LayoutFlags;
  /** Takes the place of the session's own; null: that one. */
  threshold: ThresholdRequest | null;
  /** What overrides the session's own: backbone file, smoothing, refinement. */
  flags: Partial<Params>;
  json: string | null;
  maps: string | null;
  /** Where weights come from that are not here; null for the Hub itself. */
  hub: string | null;
}

/** Runs everything; the caller ends the process. Errors that need no GPU come before one is opened. */
export async function score(
  request: ScoreRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { info, model, weights: file } = await openSession(request.session);
  const threshold = request.threshold ? byHand(request.threshold) : model.threshold;
  // The model answers for its own features; how its maps are scored is as last set on screen.
  const stored = { ...model.params, ...scoringOf(info.params) };
  const params = { ...stored, ...request.flags };
  const { paths, notices } = await imageFilesIn(request.images, await layoutOf(request.layout));
  const images = paths.map(asTestImage);
  await assertDestinations(request, images, params);
  const weights = await weightsFor(params, { hub: request.hub, terminal });
  const workbench = await Workbench.start(createEngine, terminal, notices);
  await workbench.open();
  const { backbone } = await configure(workbench, params, weights);
  if (backbone !== stored.backbone) throw new OtherBackbone(request.session, stored.backbone, backbone);
  await workbench.call('loadModel', file);
  const { taken } = await addImages(workbench, images);
  const table = await workbench.call('scoreAll', scoringOf(params));
  workbench.tell(table.notices);
  const said = [...workbench.notices.ofImages, ...(table.notices ?? [])];
  workbench.progress.clear();
  const { json, maps } = request;
  const document = print(
    { rows: rowsOf(table, threshold), range: table.pixelRange ?? null, threshold, notices: said },
    json,
    terminal,
  );
  const { ranges, pixelRange } = table;
  await deliver('the scores above', [
    json && json !== '-' ? { name: json, write: () => writeBytes(json, document) } : null,
    maps ? { name: maps, write: () => writeMaps(workbench, maps, { params, table: { ranges, pixelRange, threshold }, images: taken }) } : null, // prettier-ignore
  ]);
  workbench.progress.clear();
}

async function assertDestinations(
  { session, images: searched, json, maps }: ScoreRequest,
  images: readonly DatasetImage[],
  { backbone }: Params,
): Promise<void> {
  const files = json && json !== '-' ? [json] : [];
  const inputs = [session, ...searched, ...images.map(({ file }) => file), backbonePath(backbone)];
  await assertMapTargets(maps, { files, images, searched, inputs });
}

/** New images have no labels, and normal ones are not known among them. @throws UnfitData for anything but a number */
function byHand(asked: ThresholdRequest): SessionThreshold {
  if (asked.from === 'hand') return thresholdByHand(asked.value);
  throw new UnfitData(
    'New images say nothing of where to draw the line: nobody knows which of them are normal.',
    'Give --threshold a number, or draw the line with train or evaluate, whose session keeps it.',
  );
}

const asTestImage = (path: string) =>
  ({ path, file: path, split: 'test', label: null, type: 'unknown', mask: null }) as const;

interface ScoreRow {
  path: string;
  score: number;
  /** Above the session's threshold; null when it has none. */
  anomalous: boolean | null;
}

function rowsOf(table: ScoreTable, threshold: SessionThreshold | null): ScoreRow[] {
  const rows = table.images.map(({ id, score }) => {
    return { path: id, score, anomalous: threshold && score > threshold.value };
  });
  return rows.sort((a, b) => b.score - a.score);
}

interface Scores {
  rows: ScoreRow[];
  /** What samples of more than eight bits were spread over; null where all have eight. */
  range: PixelRange | null;
  threshold: SessionThreshold | null;
  notices: SetNotice[];
}

/** The list goes out unless the JSON does. @returns the JSON */
function print({ rows, range, threshold, notices }: Scores, json: string | null, terminal: Terminal): string {
  const document = `${JSON.stringify({ schema: SCHEMA, threshold, pixel_range: range, notices, images: rows }, null, 2)}\n`;
  if (json === '-') {
    terminal.out(document);
    return document;
  }
  const verdict = { true: 'ANOMALOUS', false: 'normal', null: '-' };
  const lines = rows.map((row) => [row.path, row.score.toPrecision(5), verdict[`${row.anomalous}`]]);
  terminal.out(`${alignColumns([['image', 'score', 'verdict'], ...lines]).join('\n')}\n`);
  terminal.out(threshold ? `threshold ${threshold.value.toPrecision(5)} (from ${threshold.source})\n` : '');
  return document;
}
