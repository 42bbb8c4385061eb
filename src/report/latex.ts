// A comparison as a LaTeX table in the manner of the field's papers: methods across, classes down, AUROC / AP in
// percent, image figures above pixel figures, the best bold and the second underlined. Needs the package booktabs.
import type { Metrics } from '../lib/scoring/metrics/summary';
import { MEAN_ROW, partialMeans, type Cell, type Comparison, type Row } from './comparison';
import { percent, ranksOf, type Rank } from './ranks';

const LINES: [first: keyof Metrics, second: keyof Metrics][] = [
  ['image_auroc', 'image_ap'],
  ['pixel_auroc', 'pixel_ap'],
];

/** A complete `table` environment. @param caption plain text */
export function latexTable(comparison: Comparison, caption = captionOf(comparison)): string {
  const { methods, rows, mean } = comparison;
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\begin{tabular}{l${'c'.repeat(methods.length)}}`,
    '    \\toprule',
    `    ${[' ', ...methods.map(escapeLatex)].join(' & ').trim()} \\\\`,
    '    \\midrule',
    ...rows.flatMap((row, i) => [...(i > 0 ? ['    \\addlinespace'] : []), ...linesOf(row, methods)]),
    ...(mean ? ['    \\midrule', ...linesOf({ ...mean, className: MEAN_ROW }, methods)] : []),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

function captionOf(comparison: Comparison): string {
  const { seeds } = comparison;
  const spread = seeds.length > 1 ? `, mean and standard deviation over ${seeds.length} seeds` : '';
  const partial = partialMeans(comparison).map((sentence) => ` ${sentence.replace(/^m/, 'M')}.`).join(''); // prettier-ignore
  return `AUROC / AP in percent, image level above pixel level${spread}. Best bold, second underlined.${partial}`;
}

function linesOf(row: Row, methods: readonly string[]): string[] {
  return LINES.map((names, line) => {
    const ranks = names.map((name) => ranksOf(row, name));
    const cells = methods.map((method) => {
      const cell = row.cells[method] ?? null;
      return names.map((name, i) => figure(cell, name, ranks[i]![method] ?? null)).join(' / ');
    });
    return `    ${[line === 0 ? escapeLatex(row.className) : '', ...cells].join(' & ')} \\\\`;
  });
}

function figure(cell: Cell | null, name: keyof Metrics, rank: Rank): string {
  const value = percent(cell?.mean[name] ?? null);
  const marked = rank === 'best' ? `\\textbf{${value}}` : rank === 'second' ? `\\underline{${value}}` : value;
  const std = cell?.std[name] ?? null;
  return std === null ? marked : `${marked}{\\scriptsize$\\pm$${percent(std)}}`;
}

const COMMANDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** Text that LaTeX sets as it stands. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\~^&%$#_{}]/g, (sign) => COMMANDS[sign] ?? `\\${sign}`);
}
