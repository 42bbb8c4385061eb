// What a report says of one run or of many: figures with intervals, the line each drew, curves, the worst mistakes, and
// all that they were made of. `evaluate`, `compare` and the page fill in the same findings; html.ts writes them. Pure.
import type { Curves } from '../lib/scoring/metrics/detail';
import type { Metrics, TypeMetrics } from '../lib/scoring/metrics/summary';
import type { Threshold } from '../lib/scoring/metrics/threshold';
import { isRelevant } from '../settings/methods';
import { PARAM_NAMES, type Params } from '../settings/table';
import { specOf } from '../settings/values';
import type { Case, JudgedImage } from './cases';
import { partialMeans, type Comparison, type Row } from './comparison';
import { CURVE_KINDS, colourOf, curveOf } from './curveKinds';
import type { Block, Cell, Picture, ReportDocument, Section } from './html';
import { percent, ranksOf } from './ranks';
import { FIGURES } from './svg';

/** A mistake with what there is to see of it. */
export interface ShownCase extends Case {
  /** The image, its map, or none where none could be kept. */
  pictures: readonly Picture[];
}

/** One finished run. */
export interface ReportedRun {
  /** As its row of the comparison. */
  className: string;
  /** As its column. */
  method: string;
  seed: number;
  params: Params;
  curves: Curves | null;
  threshold: Threshold | null;
  /** Test images. */
  images: readonly JudgedImage[];
  /** The figures of parts of the test images: each class or defect type, under its title. */
  parts: readonly { title: string; rows: Record<string, TypeMetrics> }[];
  /** Further figures, in words. */
  further: readonly (readonly [name: string, value: string])[];
  /** Of this run's images, the worst first. */
  cases: readonly ShownCase[];
  /** Name and speed of the graphics adapter. */
  adapter: string;
  /** Training or fit in seconds, milliseconds an image; null where nobody took the time. */
  seconds: number | null;
  msPerImage: number | null;
}

export interface Findings {
  /** The data set's name. */
  title: string;
  /** ISO 8601. */
  made: string;
  program: string;
  comparison: Comparison;
  /** In the comparison's order. */
  runs: readonly ReportedRun[];
  /** Counts of images, and digests by what they are of. */
  data: readonly (readonly [name: string, value: string])[];
  notices: readonly string[];
}

/** Mistakes shown of a method: of several classes the worst of each come first. */
const CASES_SHOWN = 6;

/** @returns what html.ts writes */
export function reportDocument(findings: Findings): ReportDocument {
  const { title, made, program, comparison, runs } = findings;
  const methods = comparison.methods.join(', ');
  return {
    title: `${title}: ${comparison.methods.length > 3 ? `${comparison.methods.length} methods` : methods}`,
    lead: `Anomaly detection, ${program}, ${made.slice(0, 16).replace('T', ' ')} UTC`,
    sections: [
      { title: 'Figures', blocks: figureBlocks(comparison) },
      { title: 'Parts of the test images', blocks: partBlocks(runs) },
      { title: 'Threshold', blocks: thresholdBlocks(runs) },
      { title: 'Curves', blocks: curveBlocks(findings) },
      { title: 'Worst misses and false alarms', blocks: caseBlocks(findings) },
      { title: 'Settings', blocks: settingBlocks(runs) },
      { title: 'Data and machine', blocks: originBlocks(findings) },
      noticeSection(findings),
    ],
  };
}

const HEAD = FIGURES.map(([title]) => title);

function figureBlocks(comparison: Comparison): Block[] {
  const { rows, mean, methods, seeds, missing } = comparison;
  const several = seeds.length > 1 ? `, mean ± standard deviation over ${seeds.length} seeds` : '';
  const all = mean ? [...rows, mean] : rows;
  const text = `Percent${several}; in brackets the 95 % interval over the choice of test images (bootstrap).`;
  const absent = missing.map(({ className, method, seed }) => `${className}, ${method}, seed ${seed}`);
  return [
    { kind: 'text', text: `${text}${methods.length > 1 ? ' Best bold, second underlined.' : ''}` },
    ...all.map((row): Block => ({
      kind: 'table',
      caption: row.className,
      head: ['', ...HEAD],
      rows: methods.map((method) => [method, ...figureCells(row, method)]),
    })),
    ...partialMeans(comparison).map((sentence): Block => ({ kind: 'text', text: sentence })),
    ...differenceBlocks(all.at(-1), methods),
    ...(absent.length > 0 ? [{ kind: 'text', text: 'Missing:' } as const, { kind: 'list', items: absent } as const] : []), // prettier-ignore
  ];
}

function figureCells(row: Row, method: string): Cell[] {
  const cell = row.cells[method];
  return FIGURES.map(([, key]) => {
    const value = cell?.mean[key] ?? null;
    const std = cell?.std[key] ?? null;
    const ends = cell?.intervals?.[key];
    const spread = std === null ? '' : ` ±${percent(std)}`;
    const interval = ends && value !== null ? `\n[${percent(ends[0])}, ${percent(ends[1])}]` : '';
    return { text: `${percent(value)}${spread}${interval}`, mark: ranksOf(row, key)[method] ?? null };
  });
}

/** Against the first method, on the last row of the table. */
function differenceBlocks(row: Row | undefined, methods: readonly string[]): Block[] {
  const lines = methods.slice(1).flatMap((method) => {
    const paired = row?.cells[method]?.paired;
    if (!paired) return [];
    const cells = FIGURES.map(([, key]) => {
      const found = paired[key];
      if (!found) return '-';
      const [low, high] = found.interval.map(signed);
      return `${signed(found.difference)}\n[${low}, ${high}]`;
    });
    return [[method, ...cells]];
  });
  if (lines.length === 0) return [];
  const caption = `Points ahead of ${methods[0]} (${row!.className}), paired on the same test images`;
  return [{ kind: 'table', caption, head: ['', ...HEAD], rows: lines }];
}

const signed = (fraction: number) => `${fraction < 0 ? '-' : '+'}${percent(Math.abs(fraction))}`;

/** Of a single run; the table of many has classes, and no room for more. */
function partBlocks(runs: readonly ReportedRun[]): Block[] {
  const [run] = runs;
  if (!run || runs.length > 1) return [];
  const figures = (metrics: Metrics) => FIGURES.map(([, key]) => percent(metrics[key]));
  const tables = run.parts.map(({ title, rows }): Block => ({
    kind: 'table',
    caption: title,
    head: ['', 'images', ...HEAD],
    rows: Object.entries(rows).map(([name, metrics]) => [name, String(metrics.n), ...figures(metrics)]),
  }));
  return run.further.length > 0 ? [...tables, { kind: 'facts', facts: run.further }] : tables;
}

function thresholdBlocks(runs: readonly ReportedRun[]): Block[] {
  const rows = runs.map(({ className, method, seed, threshold, images }) => {
    if (!threshold) return [`${className}, ${method}, seed ${seed}`, '-', 'none', '-', '-'];
    const above = (label: 0 | 1) => {
      const own = images.filter((image) => image.label === label);
      return `${own.filter(({ score }) => score > threshold.value).length} of ${own.length}`;
    };
    const { value, source } = threshold;
    return [`${className}, ${method}, seed ${seed}`, value.toPrecision(5), source, above(1), above(0)];
  });
  const head = ['', 'threshold', 'from', 'defects found', 'normal flagged'];
  const text = 'A score above the threshold is called anomalous. It changes no figure above.';
  return [{ kind: 'text', text }, { kind: 'table', head, rows }, ...evidenceBlocks(runs)];
}

function evidenceBlocks(runs: readonly ReportedRun[]): Block[] {
  const items = runs.flatMap(({ className, method, seed, threshold }) => {
    if (!threshold?.evidence) return [];
    const { normals, flagged, falseAlarms, pasted, found } = threshold.evidence;
    const [low, high] = falseAlarms.map(percent);
    const blocks = pasted === undefined ? '' : `; finds ${found} of ${pasted} pasted blocks`;
    return [
      `${className}, ${method}, seed ${seed}: drawn beside ${normals} normal images, ${flagged} of them above it: false alarms from ${low} to ${high} % (95 % confidence)${blocks}`,
    ];
  });
  return items.length > 0 ? [{ kind: 'list', items }] : [];
}

/** One chart a class and kind, a line a method: of its first run that has the curve. */
function curveBlocks({ comparison, runs }: Findings): Block[] {
  const rows = [...new Set(runs.map(({ className }) => className))];
  const charts = rows.flatMap((className) =>
    CURVE_KINDS.map(({ value, label, x, y }): Block & { kind: 'chart' } => {
      const lines = comparison.methods.flatMap((method, index) => {
        const own = runs.filter((run) => run.className === className && run.method === method);
        const curve = own.map((run) => curveOf(run.curves, value)).find((found) => found !== null);
        return curve ? [{ name: method, colour: colourOf(index), curve }] : [];
      });
      return { kind: 'chart', title: rows.length > 1 ? `${className}: ${label}` : label, x, y, lines };
    }),
  );
  const drawn = charts.filter(({ lines }) => lines.length > 0);
  return drawn.length > 0 ? drawn : [{ kind: 'text', text: NO_CURVES }];
}

const NO_CURVES = 'There are no curves: they need images of both labels, and runs that kept them.';

function caseBlocks({ comparison, runs }: Findings): Block[] {
  const blocks = comparison.methods.flatMap((method): Block[] => {
    const own = runs.filter((run) => run.method === method);
    const firstSeed = own[0]?.seed;
    const chosen = own.filter(({ seed, cases }) => seed === firstSeed && cases.length > 0);
    const shown = (['miss', 'false alarm'] as const).flatMap((kind) => inTurn(chosen, kind));
    if (shown.length === 0) return [];
    const title = comparison.methods.length > 1 ? `${method}, seed ${firstSeed}` : `seed ${firstSeed}`;
    return [
      { kind: 'text', text: title },
      { kind: 'pictures', cards: shown.map(cardOf) },
    ];
  });
  return blocks.length > 0 ? blocks : [{ kind: 'text', text: NO_CASES }];
}

const NO_CASES = 'There are none: no threshold, no labels, or no mistakes.';

/** The worst of each run, then the second worst of each, and so on. */
function inTurn(runs: readonly ReportedRun[], kind: Case['kind']) {
  const lists = runs.map((run) =>
    run.cases.filter((one) => one.kind === kind).map((one) => ({ run, ...one })),
  );
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? []));
  return turns.flat().slice(0, CASES_SHOWN);
}

function cardOf({ kind, image, pictures, run }: ShownCase & { run: ReportedRun }) {
  const line = run.threshold!.value.toPrecision(4);
  const score = `${kind}: score ${image.score.toPrecision(4)}, threshold ${line}`;
  return { pictures, caption: [image.name, score] };
}

/** A block on the stage and how a map is painted shape no figure; which data were taken is said apart. */
const SHAPING = PARAM_NAMES.filter(
  (name) => name !== 'dataset' && specOf(name).group !== 'fbp' && specOf(name).group !== 'view',
);

/** Settings that count for the method; what all runs share stands once. */
function settingBlocks(runs: readonly ReportedRun[]): Block[] {
  const first = runs[0];
  if (!first) return [];
  const names = SHAPING.filter((name) => runs.some(({ params }) => isRelevant(name, params)));
  const shared = names.filter((name) => runs.every(({ params }) => params[name] === first.params[name]));
  const facts = shared.map((name) => [specOf(name).label, valueOf(first.params, name)] as const);
  const differing = names.filter((name) => !shared.includes(name) && name !== 'seed');
  // Runs of one column differ in their seeds alone.
  const columns = [...new Map(runs.map((run) => [run.method, run])).values()];
  const rows = differing.map((name) => [
    specOf(name).label,
    ...columns.map(({ params }) => (isRelevant(name, params) ? valueOf(params, name) : '-')),
  ]);
  const head = ['', ...columns.map(({ method }) => method)];
  return [
    ...(rows.length > 0 ? [{ kind: 'table', caption: 'What differs', head, rows } as const] : []),
    { kind: 'facts', facts },
  ];
}

function valueOf(params: Params, name: keyof Params): string {
  const spec = specOf(name);
  const value = params[name];
  if (spec.kind === 'flag') return value ? 'yes' : 'no';
  return spec.kind === 'number' && spec.unit ? `${value} ${spec.unit}` : String(value);
}

function originBlocks({ data, program, made, runs }: Findings): Block[] {
  const adapters = [...new Set(runs.map(({ adapter }) => adapter))];
  const facts = [
    ...data,
    ...adapters.map((adapter) => ['Graphics adapter', adapter] as const),
    ['Program', program] as const,
    ['Written', made] as const,
  ];
  const timed = runs.filter(({ seconds }) => seconds !== null);
  const rows = timed.map(({ className, method, seed, seconds, msPerImage }) => [
    `${className}, ${method}, seed ${seed}`,
    `${seconds!.toFixed(1)} s`,
    msPerImage === null ? '-' : `${msPerImage.toFixed(1)} ms`,
  ]);
  const times: Block = { kind: 'table', head: ['', 'training', 'scoring an image'], rows };
  return [{ kind: 'facts', facts }, ...(rows.length > 0 ? [times] : [])];
}

const noticeSection = ({ notices }: Findings): Section => ({
  title: 'Notices',
  blocks: notices.length > 0 ? [{ kind: 'list', items: [...new Set(notices)] }] : [],
});
