// The results of an evaluation in two forms: the JSON of `evaluate --json` and the table on the screen. The
// JSON's keys are a contract (schema 1); metrics are fractions there and percent in the table. Pure.
import type { AdapterReport, Metrics, ScoreTable, SetNotice, TrainReport } from '../../engine/api/types';
import { classOf } from '../../lib/scoring/metrics/classes';
import type { Curve } from '../../lib/scoring/metrics/curves';
import { byMetric, intervalsOf, type Intervals } from '../../lib/scoring/metrics/samples';
import type { DatasetReading } from '../data/dataset';
import type { Params } from '../../settings/table';
import { percent } from '../../report/ranks';
import { describeRequest, type ThresholdRequest } from '../threshold';

export const SCHEMA = 1;

/** Everything an evaluation found out. */
export interface Evaluation {
  params: Params;
  data: string;
  trainLimit: number | null;
  testLimit: number | null;
  trainImages: number;
  /** Normal images that were not trained on, for the threshold. */
  heldOutImages: number;
  /** What was asked for; the line itself is the table's. */
  thresholdRequest: ThresholdRequest | null;
  /** Test images in the order of their paths. */
  images: { path: string; label: 0 | 1 | null; /** With its class in front where there are several. */ type: string; score: number }[]; // prettier-ignore
  adapter: AdapterReport;
  /** Decoding and the backbone, all images, in milliseconds. */
  featuresMs: number;
  training: TrainReport;
  table: ScoreTable;
  gpuBytesPeak: number;
  /** How the files were read. */
  reading?: DatasetReading;
  /** What was said of images, masks and scores. */
  notices: SetNotice[];
}

/** The document of `--json`. */
export function toJson(evaluation: Evaluation) {
  const { params, training, table } = evaluation;
  const { vendor, architecture, description, software, gflops, featuresOnProcessor } = evaluation.adapter;
  return {
    schema: SCHEMA,
    config: {
      ...params,
      data: evaluation.data,
      train_limit: evaluation.trainLimit,
      test_limit: evaluation.testLimit,
      train_images: evaluation.trainImages,
      held_out_images: evaluation.heldOutImages,
      threshold_from: describeRequest(evaluation.thresholdRequest),
      test_images: evaluation.images.length,
      pixel_range: table.pixelRange ?? null,
    },
    adapter: {
      vendor,
      architecture,
      description,
      software,
      gflops,
      features_on_processor: featuresOnProcessor,
    },
    timing: {
      features_ms: evaluation.featuresMs,
      stage1_ms: training.stageMs[0],
      stage2_ms: training.stageMs[1],
      ...(training.fitMs !== undefined && { fit_ms: training.fitMs }),
      score_ms_per_image: table.msPerImage,
    },
    memory: { gpu_bytes_peak: evaluation.gpuBytesPeak },
    metrics: table.metrics,
    pixel_detail: pixelDetailJson(table.pixelDetail),
    ...(table.detailPerClass && Object.keys(table.detailPerClass).length > 0 && { pixel_detail_per_class: detailsJson(table.detailPerClass) }), // prettier-ignore
    f1_threshold: table.f1Threshold ?? null,
    threshold: table.threshold && { value: table.threshold.value, source: table.threshold.source },
    threshold_evidence: evidenceJson(table.threshold),
    at_threshold: verdictsOf(evaluation),
    intervals: intervalsJson(table),
    per_type: table.perType,
    per_class: table.perClass ?? {},
    class_mean: table.classMean ?? null,
    ...(table.curves && { curves: curvesJson(table.curves) }),
    notices: evaluation.notices,
    images: evaluation.images.map(({ path, label, type, score }) => ({
      path,
      ...namesOf(type),
      label,
      score,
      ...aupimoOf(evaluation, path),
    })),
    ...(evaluation.reading && { reading: evaluation.reading }),
  };
}

/** Figures of the mean over classes that not every class has. */
export function meanNotices({ perClass = {}, classMean }: ScoreTable): SetNotice[] {
  if (!classMean) return [];
  const classes = Object.entries(perClass);
  return COLUMNS.flatMap(([title, key]): SetNotice[] => {
    const without = classes.filter(([, metrics]) => metrics[key] === null).map(([name]) => name);
    if (without.length === 0 || classMean[key] === null) return [];
    const text = `The mean ${title} is over ${classes.length - without.length} of ${classes.length} classes: ${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} none.`;
    return [{ kind: 'fewer-classes', text, images: [] }];
  });
}

/** Null when they were not asked for. */
function pixelDetailJson(detail: ScoreTable['pixelDetail']) {
  if (!detail) return null;
  const { f1Max, aupro05, spro05, aupimo } = detail;
  return { pixel_f1_max: f1Max, aupro05, spro05, aupimo };
}

const detailsJson = (details: NonNullable<ScoreTable['detailPerClass']>) =>
  Object.fromEntries(Object.entries(details).map(([name, detail]) => [name, pixelDetailJson(detail)]));

/** `bottle/crack` as class and type; a set of one class has no class. */
function namesOf(type: string): { class?: string; type: string } {
  const name = classOf(type);
  return name === null ? { type } : { class: name, type: type.slice(name.length + 1) };
}

/** Of an image that has one. */
function aupimoOf({ table }: Evaluation, path: string): { aupimo?: number } {
  const value = table.pixelDetail?.aupimoImages[table.images.findIndex(({ id }) => id === path)] ?? null;
  return value === null ? {} : { aupimo: value };
}

/** Bootstrap intervals of `metrics` and `per_class`; null when no resamples were drawn. */
function intervalsJson({ resampled }: ScoreTable) {
  if (!resampled) return null;
  const perClass = Object.entries(resampled.perClass).map(([name, samples]) => [name, rounded(samples)]);
  return {
    level: 0.95,
    resamples: Math.max(0, ...Object.values(resampled.all).map((values) => values?.length ?? 0)),
    all: rounded(resampled.all),
    per_class: Object.fromEntries(perClass) as Record<string, Intervals>,
  };
}

/** To five places: resampling is noisier than that. */
function rounded(samples: NonNullable<ScoreTable['resampled']>['all']): Intervals {
  const intervals = intervalsOf(samples);
  return byMetric(
    (name) => intervals[name] && [roundFigure(intervals[name][0]), roundFigure(intervals[name][1])],
  );
}

const roundFigure = (value: number) => Math.round(value * 1e5) / 1e5;

/** JSON has no infinity: the thresholds of a curve's two ends, above and below all scores, are null. */
function curvesJson({ image, pixel }: NonNullable<ScoreTable['curves']>) {
  const curve = ({ x, y, threshold }: Curve) => ({
    x: x.map(roundFigure),
    y: y.map(roundFigure),
    threshold: threshold.map((value) => (Number.isFinite(value) ? value : null)),
  });
  return {
    image: image && { roc: curve(image.roc), pr: curve(image.pr) },
    pixel: pixel && { roc: curve(pixel.roc), pr: curve(pixel.pr), pro: curve(pixel.pro) },
  };
}

/** The figures of a table on the terminal, left to right. */
export const COLUMNS: readonly [title: string, key: keyof Metrics][] = [
  ['img AUROC', 'image_auroc'],
  ['img AP', 'image_ap'],
  ['img F1', 'image_f1_max'],
  ['px AUROC', 'pixel_auroc'],
  ['px AP', 'pixel_ap'],
  ['AUPRO', 'aupro30'],
];

/** The result as lines of text, metrics in percent, `-` where undefined. */
export function toText(evaluation: Evaluation): string {
  const { images, table, training } = evaluation;
  const normal = images.filter(({ label }) => label === 0).length;
  const rows = [
    metricsRow('all', { n: images.length, ...table.metrics }),
    ...intervalRows(table),
    ...Object.entries(table.perClass ?? {}).map(([name, metrics]) => metricsRow(name, metrics)),
    ...(table.classMean ? [metricsRow('mean of classes', { n: images.length, ...table.classMean })] : []),
    ...Object.entries(table.perType).map(([type, metrics]) => metricsRow(type, metrics)),
  ];
  return [
    `${images.length} test images (${normal} normal), ${evaluation.trainImages} training images, seed ${evaluation.params.seed}, ${evaluation.params.method}`,
    '',
    ...alignColumns([['percent', 'n', ...COLUMNS.map(([title]) => title)], ...rows]),
    ...detailLines(table.pixelDetail),
    '',
    thresholdLine(table.threshold) + verdictText(verdictsOf(evaluation)),
    ...evidenceLines(table.threshold),
    `features ${seconds(evaluation.featuresMs)}, ${trainingTime(training)}, scoring ${table.msPerImage.toFixed(0)} ms per image`,
    `${describeAdapter(evaluation.adapter)}, GPU memory at most ${(evaluation.gpuBytesPeak / 1e6).toFixed(0)} MB`,
    '',
  ].join('\n');
}

/** Figures beside the table, as far as there are any. */
function detailLines(detail: ScoreTable['pixelDetail']): string[] {
  if (!detail || detail.f1Max === null) return [];
  const { f1Max, aupro05, spro05, aupimo } = detail;
  const named = { 'pixel F1': f1Max, 'AUPRO up to 0.05': aupro05, 'sPRO up to 0.05': spro05, AUPIMO: aupimo };
  const there = Object.entries(named).filter(([, value]) => value !== null);
  return [`over all pixels: ${there.map(([name, value]) => `${name} ${percent(value)}`).join(', ')}`];
}

function metricsRow(name: string, metrics: Metrics & { n: number }): string[] {
  return [name, String(metrics.n), ...COLUMNS.map(([, key]) => percent(metrics[key]))];
}

/** Half widths would hide that intervals lean to one side: both ends, under the figures of all images. */
function intervalRows({ resampled }: ScoreTable): string[][] {
  if (!resampled) return [];
  const intervals = intervalsOf(resampled.all);
  return [0, 1].map((end) => [
    end === 0 ? '  95 % from' : '       to',
    '',
    ...COLUMNS.map(([, key]) => percent(intervals[key]?.[end] ?? null)),
  ]);
}

/** A baseline has no stages, the grids have no fit. */
const trainingTime = ({ fitMs, stageMs: [first, second] }: TrainReport) =>
  fitMs === undefined ? `stage 1 ${seconds(first)}, stage 2 ${seconds(second)}` : `fit ${seconds(fitMs)}`;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The line between normal and anomalous, and where it comes from. */
export function thresholdLine(threshold: ScoreTable['threshold']): string {
  if (!threshold) return 'no threshold: there are no labelled images';
  return `threshold ${threshold.value.toPrecision(5)} (from ${threshold.source})`;
}

/** What the line makes of the scores that it was drawn from; null where labels or a hand drew it. */
function evidenceJson(threshold: ScoreTable['threshold']) {
  const evidence = threshold?.evidence;
  if (!evidence) return null;
  const { normals, flagged, falseAlarms, pasted, found } = evidence;
  return {
    normal_images: normals,
    normal_flagged: flagged,
    false_alarm_interval: falseAlarms.map(roundFigure),
    ...(pasted !== undefined && { pasted, pasted_found: found }),
  };
}

/** The same in words; nothing where labels or a hand drew the line. */
export function evidenceLines(threshold: ScoreTable['threshold']): string[] {
  const evidence = threshold?.evidence;
  if (!evidence) return [];
  const { normals, flagged, falseAlarms, pasted, found } = evidence;
  const [low, high] = falseAlarms.map((share) => percent(share));
  const alarms = `drawn beside ${normals} normal images, ${flagged} of them above it: false alarms from ${low} to ${high} % (95 % confidence)`;
  return [pasted === undefined ? alarms : `${alarms}; finds ${found} of ${pasted} pasted blocks`];
}

/** What the threshold makes of the labelled test images; null without a threshold. */
function verdictsOf({ images, table: { threshold } }: Evaluation) {
  if (!threshold) return null;
  const above = (label: 0 | 1) => images.filter((image) => image.label === label && image.score > threshold.value).length; // prettier-ignore
  const count = (label: 0 | 1) => images.filter((image) => image.label === label).length;
  return {
    anomalous: count(1),
    anomalous_found: above(1),
    normal: count(0),
    normal_flagged: above(0),
  };
}

function verdictText(verdicts: ReturnType<typeof verdictsOf>): string {
  if (!verdicts || verdicts.anomalous + verdicts.normal === 0) return '';
  const { anomalous, anomalous_found, normal, normal_flagged } = verdicts;
  return `: finds ${anomalous_found} of ${anomalous} anomalous images, flags ${normal_flagged} of ${normal} normal ones`;
}

/** Name and measured speed of an adapter. */
export function describeAdapter(adapter: AdapterReport): string {
  const { description, vendor, architecture, gflops, featuresOnProcessor } = adapter;
  const speed = `3x3 convolution ${gflops.toPrecision(3)} GFLOP/s`;
  const features = featuresOnProcessor ? ', features in WebAssembly' : '';
  return `${description || `${vendor} ${architecture}`}, ${speed}${features}`;
}

/** Cells padded to the width of their columns: the first to the left, numbers to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
