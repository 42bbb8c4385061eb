// A report as one HTML file: headings, tables, charts and pictures, each escaped here and nowhere else. It runs no script
// and asks for nothing: pictures lie in it, and its own policy forbids the rest. Prints on A4 or Letter.
import { curvesSvg, escapeXml, type SvgLine } from './svg';

/** A picture that lies in the report. */
export interface Picture {
  /** A whole PNG file. */
  png: Uint8Array;
  /** For a reader who does not see it. */
  alt: string;
}

export type Block =
  | { kind: 'text'; text: string }
  /** Names with values. */
  | { kind: 'facts'; facts: readonly (readonly [name: string, value: string])[] }
  /** The first column is a name; the others are set right. */
  | { kind: 'table'; caption?: string; head: readonly string[]; rows: readonly (readonly Cell[])[] }
  | { kind: 'chart'; title: string; x: string; y: string; lines: readonly SvgLine[] }
  | { kind: 'pictures'; cards: readonly { pictures: readonly Picture[]; caption: readonly string[] }[] }
  | { kind: 'list'; items: readonly string[] };

/** A cell of one line or more, plain or marked as the best or second of its column. */
export type Cell = string | { text: string; mark: 'best' | 'second' | null };

export interface Section {
  title: string;
  blocks: readonly Block[];
}

export interface ReportDocument {
  title: string;
  /** Below the title. */
  lead: string;
  sections: readonly Section[];
}

/** Nothing is loaded and nothing runs, whatever a name might smuggle in. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** @returns a whole HTML file */
export const reportHtml = ({ title, lead, sections }: ReportDocument): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="lead">${escapeHtml(lead)}</p>`,
    ...sections.flatMap(sectionHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');

function sectionHtml({ title, blocks }: Section): string[] {
  if (blocks.length === 0) return [];
  return ['<section>', `<h2>${escapeHtml(title)}</h2>`, ...blocks.map(blockHtml), '</section>'];
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'facts':
      return `<table class="facts"><tbody>${block.facts.map(factHtml).join('')}</tbody></table>`;
    case 'table':
      return tableHtml(block);
    case 'chart':
      return `<figure class="chart">${curvesSvg(block.lines, block)}<figcaption>${escapeHtml(block.title)}</figcaption></figure>`;
    case 'pictures':
      return `<div class="cards">${block.cards.map(cardHtml).join('')}</div>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${nameHtml(item)}</li>`).join('')}</ul>`;
  }
}

const factHtml = ([name, value]: readonly [string, string]) =>
  `<tr><th scope="row">${escapeHtml(name)}</th><td>${nameHtml(value)}</td></tr>`;

function tableHtml({ caption, head, rows }: Extract<Block, { kind: 'table' }>): string {
  const title = caption === undefined ? '' : `<caption>${escapeHtml(caption)}</caption>`;
  const header = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const body = rows.map(([name, ...cells]) => {
    const first = `<th scope="row">${nameHtml(name === undefined ? '' : textOf(name))}</th>`;
    return `<tr>${first}${cells.map(cellHtml).join('')}</tr>`;
  });
  return `<table class="figures">${title}<thead><tr>${header}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);

function cellHtml(cell: Cell): string {
  const mark = typeof cell === 'string' || cell.mark === null ? '' : ` class="${cell.mark}"`;
  const lines = textOf(cell).split('\n').map(escapeHtml);
  return `<td${mark}>${lines.join('<br>')}</td>`;
}

function cardHtml({
  pictures,
  caption,
}: {
  pictures: readonly Picture[];
  caption: readonly string[];
}): string {
  const images = pictures.map(
    ({ png, alt }) => `<img alt="${escapeHtml(alt)}" src="data:image/png;base64,${base64(png)}">`,
  );
  const lines = caption.map((line) => nameHtml(line)).join('<br>');
  return `<figure class="card"><div>${images.join('')}</div><figcaption>${lines}</figcaption></figure>`;
}

/** Text from anywhere: its direction stays its own, and does not turn what stands beside it. */
const nameHtml = (text: string) => `<bdi>${escapeHtml(text)}</bdi>`;

/** Text that HTML takes as it stands. Characters that no document may hold are replaced. */
export const escapeHtml = (text: string): string =>
  escapeXml(text.replace(/(?![\t\n])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu, '\ufffd'));

const CHUNK = 0x8000;

/** Base 64 of bytes, in the browser as in Node. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

const STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:62rem;background:#fff;color:#16181d;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
h1{margin:0;font-size:1.7rem;line-height:1.2}
h2{margin:2.2rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid #d4d7dd;font-size:1.15rem;break-after:avoid}
.lead{margin:.4rem 0 0;color:#555b66}
p{margin:.5rem 0}
table{border-collapse:collapse;margin:.6rem 0 1rem;font-variant-numeric:tabular-nums}
caption{padding:.2rem 0;text-align:left;color:#555b66}
th,td{padding:.22rem .6rem;vertical-align:top}
.figures{width:100%}
.figures thead th{border-bottom:1.5px solid #16181d;text-align:right;overflow-wrap:normal}
.figures tbody tr:last-child>*{border-bottom:1.5px solid #16181d}
.figures th:first-child{min-width:7rem;text-align:left}
.figures tbody th{font-weight:400}
.figures td{text-align:right;white-space:nowrap}
.best{font-weight:700}
.second{text-decoration:underline}
.facts th{width:15rem;padding-left:0;text-align:left;font-weight:400;color:#555b66}
.chart,.card{display:inline-block;margin:.4rem .8rem .8rem 0;vertical-align:top;break-inside:avoid}
.chart svg{display:block;max-width:100%;height:auto}
.chart figcaption{padding-left:52px;font-weight:600}
.card{width:min(100%,20rem)}
.card div{display:flex;gap:.3rem}
.card img{display:block;width:50%;height:auto;border:1px solid #d4d7dd}
.card img:only-child{width:100%}
.card figcaption{padding-top:.3rem;font-size:.85rem}
ul{margin:.4rem 0;padding-left:1.2rem}
@page{margin:16mm 14mm}
@media print{
body{max-width:none;padding:0;font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
h2{margin-top:1.4rem}
tr{break-inside:avoid}
thead{display:table-header-group}
.figures{font-size:9pt}
.chart svg{width:84mm}
.card{width:58mm}
}
`;
