// `evaluate`: trains on a folder's normal images, scores its test images, reports the figures.
import { join } from 'node:path';
import { RESAMPLES } from '../lib/scoring/metrics/bootstrap';
import type { Saturation } from '../lib/scoring/metrics/saturation';
import type { Params } from '../settings/table';
import { prettyJson } from '../report/json';
import { weightsFor } from './backbone';
import { assertTestable, readDataset, realAnomalies } from './data/dataset';
import { runEvaluation } from './evaluation';
import { assertWritable, writeBytes } from './data/files';
import { writeMaps } from './output/maps';
import { toJson, toText, type Evaluation } from './output/report';
import { saveSession, type SessionRequest } from './session';
import { addImages, configure } from './steps';
import type { Terminal } from './output/terminal';
import { holdOut, shareHeldOut, type ThresholdRequest } from './threshold';
import { Workbench, type EngineFactory } from './bench/workbench';

export interface EvaluateRequest {
  params: Params;
  data: string;
  trainLimit: number | null;
  testLimit: number | null;
  /** Destination of the JSON; `-` is stdout. */
  json: string | null;
  maps: string | null;
  session: SessionRequest | null;
  /** Adds ROC, precision-recall and PRO curves to the JSON. */
  curves: boolean;
  /** From when on sPRO takes a region for found whole; null: no sPRO. */
  saturation: Saturation | null;
  /** Where the line comes from; null: F1-max where there are labels, else the largest score of a normal image. */
  threshold: ThresholdRequest | null;
  /** Share of the training images that is not trained on; null: none, but see shareHeldOut(). */
  holdOut: number | null;
  /** Where weights come from that are not here; null for the Hub itself. */
  hub: string | null;
}

/** Runs everything; the caller ends the process. Errors that need no GPU come before one is opened. */
export async function evaluate(
  request: EvaluateRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  await assertDestinations(request);
  const weights = await weightsFor(request.params, { hub: request.hub, terminal });
  const dataset = await readDataset(request.data, { ...request, seed: request.params.seed });
  assertTestable(request.data, dataset);
  const share = shareHeldOut(request.threshold, request.holdOut, dataset.test);
  const { train, heldOut } = holdOut(dataset, share, request.params.seed);
  const workbench = await Workbench.start(createEngine, terminal, dataset.notices);
  const adapter = await workbench.open();
  const params = await configure(workbench, request.params, weights);
  const images = [...train, ...realAnomalies(dataset, params), ...dataset.test];
  const { taken, featuresMs } = await addImages(workbench, images);
  const { data, trainLimit, testLimit, curves, saturation, threshold: asked } = request;
  const prepared = { params, data, trainLimit, testLimit, taken, featuresMs, adapter };
  const evaluation = await runEvaluation(workbench, prepared, {
    resamples: RESAMPLES,
    curves,
    pixelDetail: { saturation },
    threshold: asked,
    heldOut,
  });
  const { table, training } = evaluation;
  if (request.maps) await writeMaps(workbench, request.maps, { params, table, images: taken });
  if (request.session) {
    const { metrics, threshold } = table;
    const run = { params, images: taken, report: training, threshold, metrics };
    await saveSession(workbench, request.session, run);
  }
  workbench.progress.clear();
  await print(evaluation, request.json, terminal);
}

async function assertDestinations({ json, maps, session }: EvaluateRequest): Promise<void> {
  if (json && json !== '-') await assertWritable(json);
  if (maps) await assertWritable(join(maps, 'map'));
  if (session) await assertWritable(session.path);
}

/** The table goes out unless the JSON does. */
async function print(evaluation: Evaluation, json: string | null, terminal: Terminal): Promise<void> {
  const document = prettyJson(toJson(evaluation));
  if (json === '-') {
    terminal.err(toText(evaluation));
    terminal.out(document);
    return;
  }
  terminal.out(toText(evaluation));
  if (json) await writeBytes(json, document);
}
