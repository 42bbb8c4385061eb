// A comparison as files: raw scores, the table in three forms, charts and pictures. Nothing is sent; files are made here.
// Loaded with the first export, because it brings the writers.
import { comparisonCsv, scoresCsv } from '../../report/csv';
import { comparisonJson, prettyJson } from '../../report/json';
import { latexTable } from '../../report/latex';
import { curvesSvg, tableSvg } from '../../report/svg';
import { comparisonForFiles } from './tables';
import { imageOf, readMaps } from './compareView';
import { comparisonReport } from './report';
import { download } from '../shell/download';
import { pictureUrl } from '../images/pictures';
import { engine } from '../shell/engineLink';
import type { ComparedRun } from './compareSlice';
import { getState } from '../shell/store';
import { rowName } from '../controls/methods';
import { CURVE_KINDS, curvesFor } from './curveLines';
import { stripPng } from './stripPicture';

export type ExportKind = 'report' | 'scores' | 'json' | 'csv' | 'latex' | 'tableSvg' | 'curves' | 'maps';

/** @throws what drawing or reading throws */
export async function exportComparison(kind: ExportKind): Promise<void> {
  const { compare, data } = getState();
  const { runs } = compare;
  const table = comparisonForFiles(runs, data.set.title, rowName);
  const name = (what: string) => `comparison-${data.set.id}-${what}`;
  switch (kind) {
    case 'report':
      return download(await comparisonReport(), name('report.html'), 'text/html');
    case 'scores':
      return download(allScores(runs), name('scores.csv'), 'text/csv');
    case 'json':
      return download(prettyJson(comparisonJson(table)), name('table.json'), 'application/json');
    case 'csv':
      return download(comparisonCsv(table), name('table.csv'), 'text/csv');
    case 'latex':
      return download(latexTable(table), name('table.tex'), 'application/x-tex');
    case 'tableSvg':
      return download(tableSvg(table, data.set.title), name('table.svg'), 'image/svg+xml');
    case 'curves': {
      for (const { value, label, x, y } of CURVE_KINDS) {
        const lines = curvesFor(runs, value, compare.seed);
        if (lines.length === 0) continue;
        download(curvesSvg(lines, { x, y, title: label }), name(`${value}.svg`), 'image/svg+xml');
      }
      return;
    }
    case 'maps':
      return download(await strip(), name('maps.png'));
  }
}

/** All runs below one another; the first column says whose a score is. */
function allScores(runs: readonly ComparedRun[]): string {
  const { images } = getState().data;
  const parts = runs.flatMap(({ label, seed, table }) => {
    const scored = (table?.images ?? []).flatMap(({ id, score }) => {
      const image = images[id];
      return image?.split === 'test'
        ? [{ path: image.name, type: image.type, label: image.label, score }]
        : [];
    });
    const lines = scoresCsv(scored, table?.threshold ?? null)
      .trimEnd()
      .split('\n');
    return lines.slice(1).map((line) => `${quoted(rowName(label))},${seed},${line}`);
  });
  return ['method,seed,path,type,label,score,anomalous', ...parts, ''].join('\n');
}

const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function strip(): Promise<Blob> {
  const state = getState();
  const id = imageOf(state)!;
  const { runs, seed } = state.compare;
  const shown = runs.filter((run) => run.table && run.seed === (seed ?? run.seed));
  const maps = (await readMaps(id, shown)) ?? [];
  const made = state.data.images[id]?.showable === false ? await engine()!.picture(id) : null;
  const url = made ? URL.createObjectURL(made) : pictureUrl(id)!;
  const png = stripPng(url, shown.map((run, i) => ({ run, map: maps[i]?.map ?? null })), state.params); // prettier-ignore
  return png.finally(() => made && URL.revokeObjectURL(url));
}
