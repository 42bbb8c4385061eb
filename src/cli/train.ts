// `train`: both stages on a folder's normal images; leaves a session behind.
import type { LossCurves } from '../engine/types';
import type { Params } from '../params/table';
import { weightsFor } from './backbone';
import { readDataset } from './dataset';
import { assertWritable } from './files';
import { describeAdapter } from './report';
import { saveSession, type SessionWish } from './session';
import { addImages, configure, trainModel } from './steps';
import type { Terminal } from './terminal';
import { Workbench, type EngineFactory } from './workbench';

export interface TrainRequest {
  params: Params;
  data: string;
  trainLimit: number | null;
  session: SessionWish;
  /** Where weights come from that are not here; null for the Hub itself. */
  hub: string | null;
}

/**
 * Runs everything; the caller ends the process. The session's threshold is the largest score of the
 * training images themselves: the best there is without test images, and rather a low one.
 */
export async function train(
  request: TrainRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { data, trainLimit, session } = request;
  const { seed } = request.params;
  await assertWritable(session.path);
  const weights = await weightsFor(request.params, { hub: request.hub, terminal });
  const dataset = await readDataset(data, { trainLimit, testLimit: null, seed });
  const workbench = await Workbench.start(createEngine, terminal, dataset.notices);
  const adapter = await workbench.open();
  const params = await configure(workbench, request.params, weights);
  const { taken } = await addImages(workbench, dataset.train);
  const report = await trainModel(workbench);
  const { threshold } = await workbench.call('scoreAll', { smooth: params.smooth, refine: params.refine });
  await saveSession(workbench, session, { params, images: taken, report, threshold, metrics: null });
  workbench.progress.clear();
  terminal.out(
    [
      `trained on ${taken.length} images in ${report.seconds.toFixed(1)} s, ${params.method}, seed ${params.seed}`,
      `last loss: ${lossLine(report.losses)}`,
      describeAdapter(adapter),
      `session ${session.path}`,
      '',
    ].join('\n'),
  );
}

function lossLine({ 1: first, 2: second, fit = [] }: LossCurves): string {
  const named = [['stage 1 ', first] as const, ['stage 2 ', second] as const, ['', fit] as const];
  const lines = named.flatMap(([name, losses]) => losses.slice(-1).map((loss) => name + loss.toPrecision(4)));
  return lines.join(', ') || 'none';
}
