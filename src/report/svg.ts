// Curves and tables as SVG, to be put into a paper as they are: black on white, plain text, no fonts of their own.
import type { Metrics } from '../lib/scoring/metrics/summary';
import type { Comparison } from './comparison';
import { percent, ranksOf } from './ranks';

export interface SvgLine {
  name: string;
  /** Any SVG colour. */
  colour: string;
  /** Points in the unit square, in drawing order. */
  curve: { x: readonly number[]; y: readonly number[] };
}

const WIDTH = 480;
const HEIGHT = 400;
const LEFT = 52;
const TOP = 16;
const SIDE = 330;
const FONT = 'font-family="Helvetica, Arial, sans-serif" font-size="12"';
/** Width of a letter of a key, at most. */
const LETTER = 7;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Text that XML takes as it stands. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Curves in one chart with axes in words and a key. @returns a whole SVG file */
export function curvesSvg(lines: readonly SvgLine[], axes: { x: string; y: string; title: string }): string {
  const at = (x: number, y: number) => `${(LEFT + x * SIDE).toFixed(1)} ${(TOP + (1 - y) * SIDE).toFixed(1)}`;
  const grid = TICKS.flatMap((tick) => [
    `<path d="M${at(tick, 0)}L${at(tick, 1)}M${at(0, tick)}L${at(1, tick)}" stroke="#ddd"/>`,
    `<text x="${LEFT + tick * SIDE}" y="${TOP + SIDE + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${LEFT - 6}" y="${TOP + (1 - tick) * SIDE + 4}" text-anchor="end">${tick}</text>`,
  ]);
  const drawn = lines.flatMap(({ name, colour, curve }, i) => {
    const path = curve.x.map((x, point) => `${point === 0 ? 'M' : 'L'}${at(x, curve.y[point]!)}`).join('');
    const y = TOP + 12 + 18 * i;
    return [
      `<path d="${path}" fill="none" stroke="${escapeXml(colour)}" stroke-width="1.8"/>`,
      `<path d="M${LEFT + SIDE + 10} ${y - 4}h16" stroke="${escapeXml(colour)}" stroke-width="3"/>`,
      `<text x="${LEFT + SIDE + 30}" y="${y}">${escapeXml(name)}</text>`,
    ];
  });
  const longest = Math.max(0, ...lines.map(({ name }) => name.length));
  return whole(Math.max(WIDTH, LEFT + SIDE + 40 + LETTER * longest), HEIGHT, axes.title, [
    ...grid,
    ...drawn,
    `<text x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 36}" text-anchor="middle">${escapeXml(axes.x)}</text>`,
    `<text transform="translate(14 ${TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">${escapeXml(axes.y)}</text>`,
  ]);
}

/** The figures of a table, left to right. */
export const FIGURES: readonly [title: string, metric: keyof Metrics][] = [
  ['image AUROC', 'image_auroc'],
  ['image AP', 'image_ap'],
  ['pixel AUROC', 'pixel_auroc'],
  ['pixel AP', 'pixel_ap'],
  ['AUPRO', 'aupro30'],
  ['F1-max', 'image_f1_max'],
];
const ROW = 22;
const FIRST = 130;
const COLUMN = 96;

/** The mean over classes (or the one class) as a table: best bold, second underlined. @returns a whole SVG file */
export function tableSvg(comparison: Comparison, title: string): string {
  const row = comparison.mean ?? comparison.rows[0];
  const { methods } = comparison;
  const width = FIRST + FIGURES.length * COLUMN;
  const rule = (y: number, weight: number) =>
    `<path d="M4 ${y}H${width - 4}" stroke="#000" stroke-width="${weight}"/>`;
  const header = FIGURES.map(([name], i) => text(name, columnAt(i), ROW - 6, 'text-anchor="middle"'));
  const body = methods.flatMap((method, line) => {
    const y = (line + 2) * ROW - 4;
    const figures = FIGURES.map(([, metric], i) => {
      const cell = row?.cells[method];
      const rank = row ? ranksOf(row, metric)[method] : null;
      const std = cell?.std[metric] ?? null;
      const value = `${percent(cell?.mean[metric] ?? null)}${std === null ? '' : ` ±${percent(std)}`}`;
      const style = rank ? STYLES[rank] : '';
      return text(value, columnAt(i), y, `text-anchor="middle" ${style}`);
    });
    return [text(method, 8, y, ''), ...figures];
  });
  const bottom = (methods.length + 1) * ROW + 6;
  return whole(width, bottom + 6, title, [
    ...[rule(1, 1.5), text('Method', 8, ROW - 6, ''), ...header, rule(ROW, 0.8)],
    ...[...body, rule(bottom, 1.5)],
  ]);
}

const STYLES = { best: 'font-weight="bold"', second: 'text-decoration="underline"' };

const columnAt = (index: number) => FIRST + (index + 0.5) * COLUMN;

const text = (content: string, x: number, y: number, rest: string) =>
  `<text x="${x}" y="${y}" ${rest}>${escapeXml(content)}</text>`;

const whole = (width: number, height: number, title: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT}>`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
