// A comparison as lines of text for the screen: figures in percent with their spread over seeds, intervals of the
// differences from the first method, and what is missing.
import { DETAIL_NAMES, partialMeans, type Comparison, type Row } from '../../report/comparison';
import { percent, ranksOf } from '../../report/ranks';
import { METHODS } from '../../settings/methods';
import { alignColumns, COLUMNS } from '../output/report';

const TITLES = COLUMNS.map(([title]) => title);

/** Lines about runs that stand in the table all the same. */
export interface Doubts {
  /** One per run of another version of the program. */
  others: readonly string[];
  /** One per run that saw other data or settings than those it stands beside. */
  odd: readonly string[];
}

/** @param failures one line per run that failed */
export function comparisonText(
  comparison: Comparison,
  failures: readonly string[],
  { others, odd }: Doubts = { others: [], odd: [] },
): string {
  const { rows, mean, missing, seeds, methods } = comparison;
  const all = mean ? [...rows, mean] : rows;
  const last = all.at(-1);
  return [
    `percent${seeds.length > 1 ? `, mean±std over ${seeds.length} seeds` : ''}; * best`,
    '',
    ...alignColumns([['', ...TITLES], ...all.flatMap((row) => figureLines(row, methods))]),
    ...detailLines(all, methods),
    ...partialMeans(comparison),
    ...(last && methods.length > 1 ? differenceLines(last, methods) : []),
    ...unvalidated(methods),
    ...listed('failed', failures),
    ...listed('made by another version, whose figures may differ', others),
    ...listed('doubts: runs that do not belong together', odd),
    ...listed(
      'missing',
      missing.map(({ className, method, seed }) => `${className}, ${method}, seed ${seed}`),
    ),
    '',
  ].join('\n');
}

/** Names the methods whose figures are not to be quoted as their papers'. */
function unvalidated(methods: readonly string[]): string[] {
  const found = METHODS.filter((about) => 'unvalidated' in about && methods.includes(about.id));
  if (found.length === 0) return [];
  const names = found.map(({ id }) => id).join(', ');
  return ['', `not validated: ${names}; no figure of its paper has been reached with this program`];
}

const DETAIL_TITLES = { aupimo: 'AUPIMO', spro05: 'sPRO', aupro05: 'AUPRO 0.05', pixel_f1_max: 'px F1' };

/** Figures over pixels that only later papers report, as far as there are any. */
function detailLines(rows: readonly Row[], methods: readonly string[]): string[] {
  const details = rows.flatMap(({ cells }) => methods.flatMap((method) => cells[method]?.detail ?? []));
  const names = DETAIL_NAMES.filter((name) => details.some(({ mean }) => mean[name] !== null));
  if (names.length === 0) return [];
  const lines = rows.flatMap(({ className, cells }) => [
    [className, ...names.map(() => '')],
    ...methods.map((method) => [
      `  ${method}`,
      ...names.map((name) => {
        const detail = cells[method]?.detail;
        const std = detail?.std[name] ?? null;
        return `${percent(detail?.mean[name] ?? null)}${std === null ? '' : `±${percent(std)}`}`;
      }),
    ]),
  ]);
  return ['', ...alignColumns([['', ...names.map((name) => DETAIL_TITLES[name])], ...lines])];
}

/** The class, then a line for each method below it. */
function figureLines(row: Row, methods: readonly string[]): string[][] {
  const ranks = COLUMNS.map(([, key]) => ranksOf(row, key));
  const lines = methods.map((method) => {
    const cell = row.cells[method];
    const figures = COLUMNS.map(([, key], column) => {
      if (!cell) return '- ';
      const std = cell.std[key] === null ? '' : `±${percent(cell.std[key])}`;
      return `${percent(cell.mean[key])}${std}${ranks[column]![method] === 'best' ? '*' : ' '}`;
    });
    return [`  ${method}`, ...figures];
  });
  return [[row.className, ...COLUMNS.map(() => '')], ...lines];
}

/** Points ahead of the first method, 95 % interval, share of resamples ahead. */
function differenceLines({ className, cells }: Row, methods: readonly string[]): string[] {
  const lines = methods.slice(1).flatMap((method) => {
    const paired = cells[method]?.paired;
    if (!paired) return [];
    const parts = COLUMNS.map(([, key]) => {
      const found = paired[key];
      if (!found) return '-';
      const [low, high] = found.interval;
      return `${signed(found.difference)} [${signed(low)}, ${signed(high)}] ${Math.round(100 * found.ahead)} %`;
    });
    return [[method, ...parts]];
  });
  if (lines.length === 0) return [];
  const title = `${className}: points ahead of ${methods[0]}, 95 % interval over test images, share of resamples ahead`;
  return ['', title, '', ...alignColumns([['', ...TITLES], ...lines])];
}

const signed = (fraction: number) => `${fraction < 0 ? '-' : '+'}${percent(Math.abs(fraction))}`;

const MOST_LISTED = 20;

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_LISTED ? [`  and ${lines.length - MOST_LISTED} more`] : [];
  return [
    '',
    `${lines.length} ${title}:`,
    ...lines.slice(0, MOST_LISTED).map((line) => `  ${line}`),
    ...more,
  ];
}
