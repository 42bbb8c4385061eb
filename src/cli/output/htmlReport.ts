// `evaluate --report`: what an evaluation found as one HTML file, with the maps of its worst mistakes.
import { worstCases, type Case, type JudgedImage } from '../../report/cases';
import { compareRuns, type Comparison } from '../../report/comparison';
import { reportHtml } from '../../report/html';
import { PROGRAM } from '../../report/plan';
import { percent } from '../../report/ranks';
import { reportDocument, type ReportedRun, type ShownCase } from '../../report/runReport';
import { encodePng } from '../../lib/formats/png';
import type { ScoreTable, TrainReport } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import type { Workbench } from '../bench/workbench';
import type { DataPrints } from '../compare/dataPrints';
import type { DatasetImage } from '../data/dataset';
import { laidOver, layersOf, lookOf } from './maps';
import { describeAdapter, type Evaluation } from './report';

/** Mistakes of either kind. */
const MOST_CASES = 6;
/** Side of a picture in pixels, at most. */
const PICTURE = 256;

interface Scored {
  params: Params;
  table: Pick<ScoreTable, 'ranges' | 'pixelRange' | 'threshold'>;
  images: readonly { path: string; label: 0 | 1 | null; score: number }[];
  /** All that the engine took. */
  taken: readonly DatasetImage[];
}

/** The worst mistakes with image and map, while the engine still has them. @throws what reading image or map throws */
export async function showCases(
  workbench: Workbench,
  { params, table, images, taken }: Scored,
  most = MOST_CASES,
): Promise<ShownCase[]> {
  const look = lookOf({ params, table });
  const { smooth, refine } = params;
  const shown: ShownCase[] = [];
  for (const { kind, image } of worstCases(images.map(judged), table.threshold, most)) {
    workbench.progress.update('maps for the report');
    const file = taken.find(({ path }) => path === image.name)!;
    const map = await workbench.call('readMap', { image: image.name, map: 'fused', smooth, refine });
    const side = Math.min(PICTURE, Math.max(map.width, map.height));
    const { plain, painted } = await layersOf(file, map, look, { range: table.pixelRange ?? null, side });
    const pictures = [
      { png: encodePng(plain), alt: 'the image' },
      { png: encodePng(laidOver(plain, painted)), alt: 'its anomaly map' },
    ];
    shown.push({ kind, image, pictures });
  }
  return shown;
}

const judged = ({ path, label, score }: Scored['images'][number]): JudgedImage => ({
  name: path,
  label,
  score,
});

/** What a report says beside an evaluation's own findings. */
export interface Beside {
  cases: readonly (Case & Pick<ShownCase, 'pictures'>)[];
  prints: DataPrints;
  /** SHA-256; null for a method without a backbone. */
  weights: string | null;
  /** ISO 8601. */
  made: string;
}

/** @returns a whole HTML file */
export function evaluationReport(evaluation: Evaluation, { cases, prints, weights, made }: Beside): string {
  const { data, images, table, params, training, notices, trainImages, heldOutImages } = evaluation;
  const title = data.split(/[/\\]/).filter(Boolean).at(-1) ?? data;
  const run: ReportedRun = {
    ...{ className: title, method: params.method, seed: params.seed, params, cases },
    curves: table.curves ?? null,
    threshold: table.threshold,
    images: images.map(judged),
    parts: partsOf(evaluation),
    further: furtherOf(table),
    adapter: describeAdapter(evaluation.adapter),
    seconds: secondsOf(training),
    msPerImage: table.msPerImage,
  };
  const of = (label: 0 | 1 | null) => images.filter((image) => image.label === label).length;
  const unknown = of(null) > 0 ? `, ${of(null)} not labelled` : '';
  return reportHtml(
    reportDocument({
      ...{ title, made, program: PROGRAM },
      comparison: comparisonOf(title, evaluation),
      runs: [run],
      data: [
        ['Data', data],
        ['Training images', `${trainImages}${heldOutImages > 0 ? `, and ${heldOutImages} held out` : ''}`],
        ['Test images', `${of(0)} normal, ${of(1)} anomalous${unknown}`],
        ...printFacts(prints),
        ...(weights === null ? [] : [['SHA-256 of the backbone’s weights', weights] as const]),
      ],
      notices: notices.map(({ text, images: named }) => [text, ...named.slice(0, 3)].join(' ')),
    }),
  );
}

/** @param of which set, where there are several */
export const printFacts = (
  prints: Omit<DataPrints, 'test_images'>,
  of = '',
): (readonly [string, string])[] => [
  [`SHA-256 of images and labels${of}`, prints.images],
  [`SHA-256 of masks${of}`, prints.masks],
  [`SHA-256 of split files${of}`, prints.split_files],
];

/** Every class by itself where there are several. */
function comparisonOf(title: string, { params, table }: Evaluation): Comparison {
  const { method, seed } = params;
  const classes = Object.entries(table.perClass ?? {});
  const same = { method, seed, images: '' };
  if (classes.length < 2) {
    const run = { ...same, className: title, metrics: table.metrics, samples: table.resampled?.all ?? null };
    return compareRuns({ classes: [title], methods: [method], seeds: [seed] }, [run]);
  }
  const samplesOf = (name: string) => table.resampled?.perClass[name] ?? null;
  const runs = classes.map(([name, metrics]) => ({ ...same, className: name, metrics, samples: samplesOf(name) })); // prettier-ignore
  return compareRuns({ classes: classes.map(([name]) => name), methods: [method], seeds: [seed] }, runs);
}

function partsOf({ table, images }: Evaluation): ReportedRun['parts'] {
  const several = Object.keys(table.perClass ?? {}).length > 1;
  const all = { 'all images': { n: images.length, ...table.metrics } };
  return [
    ...(several ? [{ title: 'Regardless of their class', rows: all }] : []),
    { title: 'By defect type, each against the normal images', rows: table.perType },
  ];
}

function furtherOf({ pixelDetail }: ScoreTable): [string, string][] {
  if (!pixelDetail || pixelDetail.f1Max === null) return [];
  const { f1Max, aupro05, spro05, aupimo } = pixelDetail;
  const named = {
    'pixel F1-max': f1Max,
    'AUPRO up to 0.05': aupro05,
    'sPRO up to 0.05': spro05,
    AUPIMO: aupimo,
  };
  return Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [[name, percent(value)]]));
}

const secondsOf = ({ fitMs, stageMs: [first, second] }: TrainReport): number =>
  (fitMs ?? first + second) / 1000;
