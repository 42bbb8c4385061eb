// `train`: both stages on a folder's normal images; leaves a session behind.
import type { LossCurves } from '../engine/api/types';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import { backbonePath, weightsFor } from './backbone';
import { readDataset, realAnomalies, type DatasetImage } from './data/dataset';
import { layoutOf, type LayoutFlags } from './data/layoutFlags';
import { UnfitData } from './errors';
import { deliver } from './output/deliver';
import { describeAdapter, evidenceLines, thresholdLine } from './output/report';
import { assertTargets } from './output/targets';
import { saveSession, type SessionRequest } from './session';
import { addImages, configure, trainModel } from './steps';
import type { Terminal } from './output/terminal';
import {
  chooseThreshold,
  holdOut,
  normalIds,
  quantileNotices,
  shareHeldOut,
  type ThresholdRequest,
} from './threshold';
import { Workbench, type EngineFactory } from './bench/workbench';

export interface TrainRequest {
  params: Params;
  data: string;
  trainLimit: number | null;
  session: SessionRequest;
  /** Where the line comes from; null: the largest score of a normal image. */
  threshold: ThresholdRequest | null;
  /** Share of the images that is not trained on; null: none, but see shareHeldOut(). */
  holdOut: number | null;
  /** Where weights come from that are not here; null for the Hub itself. */
  hub: string | null;
  /** What says how the files are to be read; without: names and words. */
  layout?: LayoutFlags;
}

/**
 * Runs everything; the caller ends the process. Unless another was asked for, the session's threshold is the largest score
 * of the training images themselves: the best there is without others, and rather a low one.
 */
export async function train(
  request: TrainRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { data, trainLimit, session, threshold: asked } = request;
  const { seed } = request.params;
  const dataset = await readDataset(
    data,
    { trainLimit, testLimit: null, seed },
    await layoutOf(request.layout),
  );
  await assertTargets([session.path], [...dataset.inputs, backbonePath(request.params.backbone)]);
  const weights = await weightsFor(request.params, { hub: request.hub, terminal });
  const { train: images, heldOut } = holdOut(dataset, shareHeldOut(asked, request.holdOut), seed);
  if (asked?.from === 'f1') throw new UnfitData(NO_LABELS, NO_LABELS_REMEDY);
  const workbench = await Workbench.start(createEngine, terminal, dataset.notices);
  const adapter = await workbench.open();
  const params = await configure(workbench, request.params, weights);
  const { taken } = await addImages(workbench, [...images, ...realAnomalies(dataset, params)]);
  const report = await trainModel(workbench);
  const aside = await addHeldOut(workbench, heldOut);
  const table = await workbench.call('scoreAll', scoringOf(params));
  const scored = { params, table, heldOut: aside.map(({ path }) => path), normal: normalIds([...taken, ...aside]) }; // prettier-ignore
  const threshold = await chooseThreshold(workbench, asked, scored);
  workbench.tell([...(table.notices ?? []), ...quantileNotices(asked, aside.length)]);
  workbench.progress.clear();
  terminal.out(
    [
      `trained on ${taken.length} images${aside.length > 0 ? ` (${aside.length} held out)` : ''} in ${report.seconds.toFixed(1)} s, ${params.method}, seed ${params.seed}`,
      `last loss: ${lossLine(report.losses)}`,
      thresholdLine(threshold),
      ...evidenceLines(threshold),
      describeAdapter(adapter),
      '',
    ].join('\n'),
  );
  const run = { params, images: taken, report, threshold, metrics: null, scale: table.ranges.fused, reading: dataset.reading }; // prettier-ignore
  await deliver('the lines above', [
    { name: session.path, write: () => saveSession(workbench, session, run) },
  ]);
  workbench.progress.clear();
  terminal.out(`session ${session.path}\n`);
}

const NO_LABELS = 'Training alone has no labelled test images to draw the line of F1-max from.';
const NO_LABELS_REMEDY = 'Use evaluate, or --threshold quantile:0.99, synthetic or a number.';

/** Images that were not trained on are to the engine what test images are. */
async function addHeldOut(
  workbench: Workbench,
  heldOut: readonly DatasetImage[],
): Promise<readonly DatasetImage[]> {
  if (heldOut.length === 0) return [];
  const { taken } = await addImages(workbench, heldOut.map((image) => ({ ...image, split: 'test' }))); // prettier-ignore
  return taken;
}

function lossLine({ 1: first, 2: second, fit = [] }: LossCurves): string {
  const named = [['stage 1 ', first] as const, ['stage 2 ', second] as const, ['', fit] as const];
  const lines = named.flatMap(([name, losses]) => losses.slice(-1).map((loss) => name + loss.toPrecision(4)));
  return lines.join(', ') || 'none';
}
