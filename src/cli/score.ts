// `score`: a trained session on new images. Prints one line per image, the most anomalous first.
import { join } from 'node:path';
import type { ScoreTable } from '../engine/api/types';
import { thresholdByHand } from '../lib/scoring/metrics/threshold';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import type { SessionThreshold } from '../session/types';
import { weightsFor } from './backbone';
import { OtherBackbone, UnfitData } from './errors';
import { assertWritable, imageFilesIn, writeBytes } from './data/files';
import { writeMaps } from './output/maps';
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
  if (request.json && request.json !== '-') await assertWritable(request.json);
  if (request.maps) await assertWritable(join(request.maps, 'map'));
  const { info, model, weights: file } = await openSession(request.session);
  const threshold = request.threshold ? byHand(request.threshold) : model.threshold;
  // The model answers for its own features; how its maps are scored is as last set on screen.
  const stored = { ...model.params, ...scoringOf(info.params) };
  const params = { ...stored, ...request.flags };
  const weights = await weightsFor(params, { hub: request.hub, terminal });
  const images = (await imageFilesIn(request.images)).map(asTestImage);
  const workbench = await Workbench.start(createEngine, terminal);
  await workbench.open();
  const { backbone } = await configure(workbench, params, weights);
  if (backbone !== stored.backbone) throw new OtherBackbone(request.session, stored.backbone, backbone);
  await workbench.call('loadModel', file);
  const { taken } = await addImages(workbench, images);
  const table = await workbench.call('scoreAll', scoringOf(params));
  if (request.maps)
    await writeMaps(workbench, request.maps, { params, table: { ...table, threshold }, images: taken });
  workbench.progress.clear();
  await print(rowsOf(table, threshold), threshold, request.json, terminal);
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

/** The list goes out unless the JSON does. */
async function print(
  rows: ScoreRow[],
  threshold: SessionThreshold | null,
  json: string | null,
  terminal: Terminal,
): Promise<void> {
  const document = `${JSON.stringify({ schema: SCHEMA, threshold, images: rows }, null, 2)}\n`;
  if (json === '-') return terminal.out(document);
  const verdict = { true: 'ANOMALOUS', false: 'normal', null: '-' };
  const lines = rows.map((row) => [row.path, row.score.toPrecision(5), verdict[`${row.anomalous}`]]);
  terminal.out(`${alignColumns([['image', 'score', 'verdict'], ...lines]).join('\n')}\n`);
  terminal.out(threshold ? `threshold ${threshold.value.toPrecision(5)} (from ${threshold.source})\n` : '');
  if (json) await writeBytes(json, document);
}
