// `export`: the trained model of a session as a file that other programs run. No GPU is opened.
import { createHash, type Hash } from 'node:crypto';
import { basename } from 'node:path';
import { identifyArchitecture } from '../lib/backbones/identify';
import { readSafetensors } from '../lib/formats/safetensors';
import type { GraphInput, OnnxFile, Precision } from '../lib/onnx';
import { PROGRAM } from '../report/plan';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import { thresholdByHand } from '../lib/scoring/metrics/threshold';
import type { SessionModel, SessionThreshold } from '../session/types';
import { backbonePath, weightsFor, type BackboneFile } from './backbone';
import { writeBytes } from './data/files';
import { UnfitData } from './errors';
import { cardText } from './output/card';
import { Progress } from './output/progress';
import { assertTargets } from './output/targets';
import type { Terminal } from './output/terminal';
import { openSession } from './session';
import type { ThresholdRequest } from './threshold';

export interface ExportRequest {
  session: string;
  onnx: string;
  /** Destination of the model card; null: none. */
  card?: string | null;
  precision: Precision;
  input: GraphInput;
  /** Takes the place of the session's own; null: that one. */
  threshold: ThresholdRequest | null;
  /** What overrides the session's own: backbone file, smoothing, image score, refinement. */
  flags: Partial<Params>;
  /** Where weights come from that are not here; null for the Hub itself. */
  hub: string | null;
}

/** @throws what reading a session, finding weights and building a graph throw; FileUnwritable */
export async function exportModel(request: ExportRequest, terminal: Terminal): Promise<void> {
  const { info, model, weights: file } = await openSession(request.session);
  const stored = { ...model.params, ...scoringOf(info.params) };
  const params = { ...stored, ...request.flags };
  const { onnx, card = null } = request;
  await assertTargets(card === null ? [onnx] : [onnx, card], [
    request.session,
    backbonePath(params.backbone),
  ]);
  const threshold = request.threshold ? byHand(request.threshold) : model.threshold;
  // What makes graphs is loaded when there is one to make.
  const { onnxModel } = await import('../engine/models/onnxModel');
  const progress = new Progress(terminal);
  progress.update('building the graph');
  const { precision, input } = request;
  const find = async (id: string) =>
    namedTensors((await weightsFor(params, { hub: request.hub, terminal }))!, id);
  const made = await onnxModel(file, find, {
    ...{ precision, input, threshold, scoring: scoringOf(params) },
    ...{
      program: `grad-playground ${PROGRAM}`,
      configuration: model.params,
      scale: scaleOf(model, info.params, params),
    },
  });
  progress.update(`writing ${onnx}`);
  const digest = createHash('sha256');
  await writeBytes(onnx, streamOf(made, digest));
  progress.clear();
  terminal.out(`${onnx}: ${(made.bytes / 2 ** 20).toFixed(1)} MiB\n`);
  if (card !== null) {
    const written = { name: basename(onnx), bytes: made.bytes, sha256: digest.digest('hex') };
    await writeBytes(card, cardText({ file: written, metadata: made.metadata, info }));
  }
  if (!threshold) terminal.err('The session has no threshold: the model gives scores and no verdicts.\n');
}

/** The maps of other smoothing or refinement have another scale, which nobody measured. */
function scaleOf({ scale }: SessionModel, measured: Params, asked: Params): readonly [number, number] | null {
  return scale && asked.smooth === measured.smooth && asked.refine === measured.refine ? scale : null;
}

function byHand(asked: ThresholdRequest): SessionThreshold {
  if (asked.from === 'hand') return thresholdByHand(asked.value);
  throw new UnfitData(
    'A model that is exported sees no images: there is nothing to draw a line from.',
    'Give --threshold a number, or draw the line with train or evaluate, whose session keeps it.',
  );
}

/** @param wanted the backbone that the model was trained on, where a file fits several */
function namedTensors({ bytes, as }: BackboneFile, wanted: string) {
  const file = readSafetensors(bytes);
  const found = as ?? identifyArchitecture(file, wanted).id;
  return { id: found, tensors: file.tensors };
}

/** One piece after the other, made when it is asked for, and taken into the digest. */
function streamOf({ pieces }: OnnxFile, digest: Hash): ReadableStream<Uint8Array> {
  const left = pieces();
  return new ReadableStream(
    {
      pull(controller) {
        const next = left.next();
        if (next.done) controller.close();
        else {
          digest.update(next.value);
          controller.enqueue(next.value);
        }
      },
    },
    { highWaterMark: 0 },
  );
}
