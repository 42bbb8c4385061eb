// `compare --merge FOLDER`, and the end of every comparison: one table out of the runs that are there, on the screen and
// as table.json, table.csv and table.tex.
import { join } from 'node:path';
import { compareRuns } from '../../report/comparison';
import { comparisonCsv } from '../../report/csv';
import { comparisonJson, prettyJson } from '../../report/json';
import { latexTable } from '../../report/latex';
import { PROGRAM } from '../../report/plan';
import type { Terminal } from '../output/terminal';
import { NoComparison } from './errors';
import { readPlan, readRun, runPath, writeWhole, type FolderPlan } from './folder';
import { isFailed, resultsOf, type RunDocument } from './runDocument';
import { comparisonText } from './summaryText';

export interface Merged {
  /** One line per run that failed. */
  failures: string[];
  /** Runs that are neither finished nor failed, in table rows. */
  missing: number;
}

/** @throws NoComparison when there is no finished run; FileUnwritable */
export async function mergeFolder(folder: string, terminal: Terminal): Promise<Merged> {
  const plan = await readPlan(folder);
  const documents = await readRuns(folder, plan);
  const results = documents.flatMap((document) => (isFailed(document) ? [] : resultsOf(document)));
  const failures = documents.flatMap((document) => {
    if (!isFailed(document)) return [];
    const { run, error } = document;
    return [`${run.class}, ${run.method}, seed ${run.seed}: ${error.message}`];
  });
  if (results.length === 0 && failures.length === 0) throw new NoComparison(folder, 'no run is there yet');
  const comparison = compareRuns(plan, results);
  await writeWhole(join(folder, 'table.json'), prettyJson(comparisonJson(comparison)));
  await writeWhole(join(folder, 'table.csv'), comparisonCsv(comparison));
  await writeWhole(join(folder, 'table.tex'), latexTable(comparison));
  terminal.out(comparisonText(comparison, failures, documents.flatMap(ofAnotherProgram)));
  return { failures, missing: comparison.missing.length };
}

/** A finished run that this program did not make: it stands in the table, and that is said. */
function ofAnotherProgram(document: RunDocument): string[] {
  const { run } = document;
  if (isFailed(document) || run.program === PROGRAM) return [];
  return [`${run.class}, ${run.method}, seed ${run.seed}: ${run.program ?? 'before versions were noted'}`];
}

async function readRuns(folder: string, { sets, methods, seeds }: FolderPlan): Promise<RunDocument[]> {
  const paths = sets.flatMap((className) =>
    methods.flatMap((label) => seeds.map((seed) => runPath({ className, label, seed }))),
  );
  return (await Promise.all(paths.map((path) => readRun(folder, path)))).flatMap(
    (document) => document ?? [],
  );
}
