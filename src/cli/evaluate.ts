// `evaluate`: trains on a folder's normal images, scores its test images, reports the figures.
import { RESAMPLES } from '../lib/scoring/metrics/bootstrap';
import type { Saturation } from '../lib/scoring/metrics/saturation';
import type { Params } from '../settings/table';
import { prettyJson } from '../report/json';
import { backbonePath, weightsFor } from './backbone';
import { dataPrints, type DataPrints } from './compare/dataPrints';
import { DataChanged } from './compare/errors';
import { assertTestable, readDataset, realAnomalies, type Dataset, type DatasetImage } from './data/dataset';
import { Digests, sha256Hex } from './data/digests';
import { layoutOf, type LayoutFlags } from './data/layoutFlags';
import { runEvaluation } from './evaluation';
import { writeBytes } from './data/files';
import { deliver } from './output/deliver';
import { evaluationReport, showCases } from './output/htmlReport';
import { assertMapTargets, writeMaps } from './output/maps';
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
  /** Destination of the HTML report. */
  report?: string | null;
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
  /** What says how the files are to be read; without: names and words. */
  layout?: LayoutFlags;
}

/**
 * Runs everything; the caller ends the process. Errors that need no GPU come before one is opened, and figures go out
 * before anything that may fail: the table, then the JSON, the session, the maps.
 */
export async function evaluate(
  request: EvaluateRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const dataset = await readDataset(
    request.data,
    { ...request, seed: request.params.seed },
    await layoutOf(request.layout),
  );
  assertTestable(request.data, dataset);
  await assertDestinations(request, dataset);
  const weights = await weightsFor(request.params, { hub: request.hub, terminal });
  const share = shareHeldOut(request.threshold, request.holdOut, dataset.test);
  const { train, heldOut } = holdOut(dataset, share, request.params.seed);
  const all = [...train, ...realAnomalies(dataset, request.params), ...heldOut, ...dataset.test];
  const made = {
    prints: request.report ? await printsOf(request.data, all, dataset) : null,
    weights: weights && sha256Hex(new Uint8Array(weights.bytes)),
  };
  const workbench = await Workbench.start(createEngine, terminal, dataset.notices);
  const adapter = await workbench.open();
  const params = await configure(workbench, request.params, weights);
  const images = [...train, ...realAnomalies(dataset, params), ...dataset.test];
  const { taken, featuresMs } = await addImages(workbench, images);
  const { data, trainLimit, testLimit, curves, saturation, threshold: asked, report = null } = request;
  const prepared = {
    params,
    data,
    trainLimit,
    testLimit,
    taken,
    featuresMs,
    adapter,
    reading: dataset.reading,
  };
  const evaluation = await runEvaluation(workbench, prepared, {
    resamples: RESAMPLES,
    curves: curves || report !== null,
    pixelDetail: { saturation },
    threshold: asked,
    heldOut,
  });
  workbench.progress.clear();
  const document = prettyJson(toJson(evaluation));
  print(evaluation, request.json === '-' ? document : null, terminal);
  const { json, session, maps } = request;
  const { metrics, threshold, ranges, pixelRange } = evaluation.table;
  const run = {
    params,
    images: taken,
    report: evaluation.training,
    threshold,
    metrics,
    scale: ranges.fused,
    reading: dataset.reading,
  };
  await deliver('the figures above', [
    json && json !== '-' ? { name: json, write: () => writeBytes(json, document) } : null,
    report ? { name: report, write: () => writeReport(report, workbench, { evaluation, taken, made, again: () => printsOf(data, all, dataset) }) } : null, // prettier-ignore
    session && { name: session.path, write: () => saveSession(workbench, session, run) },
    maps ? { name: maps, write: () => writeMaps(workbench, maps, { params, table: { ranges, pixelRange, threshold }, images: taken }) } : null, // prettier-ignore
  ]);
  workbench.progress.clear();
}

async function printsOf(
  data: string,
  images: readonly DatasetImage[],
  { splitFiles }: Dataset,
): Promise<DataPrints> {
  const digests = await Digests.open(data);
  const prints = await dataPrints({ images: [...images], splitFiles }, digests);
  await digests.save();
  return prints;
}

interface Reported {
  evaluation: Evaluation;
  taken: DatasetImage[];
  /** Digests of what it was made of, as they were before the run. */
  made: { prints: DataPrints | null; weights: string | null };
  again(): Promise<DataPrints>;
}

/** @throws DataChanged where the digests are of other files than the figures */
async function writeReport(
  path: string,
  workbench: Workbench,
  { evaluation, taken, made, again }: Reported,
): Promise<void> {
  const cases = await showCases(workbench, { ...evaluation, taken });
  const prints = await again();
  if (JSON.stringify(prints) !== JSON.stringify(made.prints)) throw new DataChanged(evaluation.data);
  const written = { cases, prints, weights: made.weights, made: new Date().toISOString() };
  await writeBytes(path, evaluationReport(evaluation, written));
}

async function assertDestinations(
  { params, data, json, maps, report, session, layout }: EvaluateRequest,
  { inputs, test }: Dataset,
): Promise<void> {
  const files = [json === '-' ? null : json, report, session?.path].filter(
    (path) => typeof path === 'string',
  );
  const read = [...inputs, backbonePath(params.backbone), layout?.layout ?? []].flat();
  await assertMapTargets(maps, { files, images: test, searched: [data], inputs: read });
}

/** The table goes out unless the JSON does. */
function print(evaluation: Evaluation, document: string | null, terminal: Terminal): void {
  if (document === null) return terminal.out(toText(evaluation));
  terminal.err(toText(evaluation));
  terminal.out(document);
}
