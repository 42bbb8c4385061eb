// `compare --report`: the runs of a folder as one HTML file. Curves and maps are those that runs kept; a document is a
// file from outside, and what is not whole in it is left out.
import * as v from 'valibot';
import { finite, looseOf, objectOf, parseOrNull, text } from '../../lib/formats/schema';
import type { Curve } from '../../lib/scoring/metrics/curves';
import { THRESHOLD_SOURCES } from '../../lib/scoring/metrics/threshold';
import type { Comparison } from '../../report/comparison';
import { reportHtml } from '../../report/html';
import { PROGRAM } from '../../report/plan';
import { reportDocument, type ReportedRun } from '../../report/runReport';
import { defaultParams, PARAM_NAMES, type Params } from '../../settings/table';
import { judge, specOf } from '../../settings/values';
import { printFacts } from '../output/htmlReport';
import { describeAdapter } from '../output/report';
import { isFailed, resultsOf, type FinishedRun, type RunDocument } from './runDocument';

const CURVE = v.nullish(objectOf({ x: v.array(finite), y: v.array(finite) }));
/** What a report reads of a run beside its figures. */
const KEPT = looseOf({
  adapter: looseOf({
    description: v.string(),
    vendor: v.string(),
    architecture: v.string(),
    gflops: finite,
    features_on_processor: v.optional(v.boolean(), false),
  }),
  timing: looseOf({ stage1_ms: finite, stage2_ms: finite, score_ms_per_image: finite }),
  threshold: v.nullable(looseOf({ value: finite, source: v.picklist(THRESHOLD_SOURCES) })),
  images: v.array(looseOf({ path: v.string(), label: v.nullable(v.picklist([0, 1])), score: finite })),
  curves: v.optional(
    objectOf({
      image: v.nullable(objectOf({ roc: CURVE, pr: CURVE })),
      pixel: v.nullable(objectOf({ roc: CURVE, pr: CURVE, pro: CURVE })),
    }),
  ),
  cases: v.optional(
    v.array(objectOf({ kind: v.picklist(['miss', 'false alarm']), path: v.string(), map: text(2 ** 22) })),
  ),
});

/** @returns a whole HTML file */
export function comparisonReport(
  title: string,
  comparison: Comparison,
  documents: readonly RunDocument[],
): string {
  const finished = documents.flatMap((document) => (isFailed(document) ? [] : [document]));
  const classes = [...new Map(finished.map((document) => [document.run.class, document])).values()];
  return reportHtml(
    reportDocument({
      title,
      made: new Date().toISOString(),
      program: PROGRAM,
      comparison,
      runs: finished.flatMap(reportedRun),
      data: classes.flatMap(({ run, config, images }) => [
        [`Images of ${run.class}`, `${config.train_images} training, ${images.length} test`] as const,
        ...(run.inputs ? printFacts(run.inputs, ` of ${run.class}`) : []),
      ]),
      notices: documents.flatMap(
        (document) =>
        isFailed(document) ? [`${document.run.class}, ${document.run.method} failed: ${document.error.message}`] : [], // prettier-ignore
      ),
    }),
  );
}

/** None where the document lacks what every run has. */
function reportedRun(document: FinishedRun): ReportedRun[] {
  const kept = parseOrNull(KEPT, document);
  if (!kept) return [];
  const { run } = document;
  const { timing, threshold, images, curves, cases = [] } = kept;
  const judged = images.map(({ path, label, score }) => ({ name: path, label, score }));
  const fit = (document.timing as { fit_ms?: unknown }).fit_ms;
  const ms = typeof fit === 'number' ? fit : timing.stage1_ms + timing.stage2_ms;
  // A unified run has a row for each class; its curves and mistakes are of all of them.
  const className = resultsOf(document).length > 1 ? 'all classes' : resultsOf(document)[0]!.className;
  return [
    {
      ...{ className, method: run.method, seed: run.seed, params: paramsIn(document.config) },
      curves: curves
        ? {
            image: curves.image && { roc: curve(curves.image.roc), pr: curve(curves.image.pr) },
            pixel: curves.pixel && {
              roc: curve(curves.pixel.roc),
              pr: curve(curves.pixel.pr),
              pro: curve(curves.pixel.pro),
            },
          }
        : null,
      threshold: threshold && { value: threshold.value, source: threshold.source },
      images: judged,
      parts: [],
      further: [],
      cases: cases.flatMap(({ kind, path, map }) => {
        const image = judged.find(({ name }) => name === path);
        const png = bytesOf(map);
        return image && png ? [{ kind, image, pictures: [{ png, alt: 'image with its anomaly map' }] }] : [];
      }),
      adapter: describeAdapter({
        ...{ ...document.adapter, ...kept.adapter, suggestedPreset: 'demo', reason: '' },
        featuresOnProcessor: kept.adapter.features_on_processor,
      }),
      seconds: ms / 1000,
      msPerImage: timing.score_ms_per_image,
    },
  ];
}

/** Thresholds along a curve are not drawn. */
const curve = (kept: { x: number[]; y: number[] } | null | undefined): Curve => ({
  x: kept?.x ?? [],
  y: (kept?.y ?? []).slice(0, kept?.x.length),
  threshold: [],
});

/** Null for what is no base 64 of a PNG. */
function bytesOf(map: string): Uint8Array | null {
  const bytes = Buffer.from(map, 'base64');
  return bytes.subarray(0, 4).toString('latin1') === '\x89PNG' ? bytes : null;
}

/** Each value as the table allows it. */
const paramsIn = (config: Record<string, unknown>): Params =>
  Object.fromEntries(
    PARAM_NAMES.map((name) => [name, judge(specOf(name), config[name] ?? defaultParams()[name]).value]),
  ) as Params;
