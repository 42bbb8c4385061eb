// `compare --merge FOLDER`, and the end of every comparison: one table out of the runs that are there, on the screen and
// as table.json, table.csv and table.tex.
import { join } from 'node:path';
import { compareRuns, type Comparison } from '../../report/comparison';
import { comparisonCsv } from '../../report/csv';
import { comparisonJson, prettyJson } from '../../report/json';
import { latexTable } from '../../report/latex';
import type { Terminal } from '../output/terminal';
import { deliver } from '../output/deliver';
import { NoComparison } from './errors';
import { writeBytes } from '../data/files';
import { readPlan, readRun, runPath, stateOf, type FolderPlan } from './folder';
import { isFailed, resultsOf, type RunDocument } from './runDocument';
import { comparisonText } from './summaryText';

export interface Merged {
  /** One line per run that failed. */
  failures: string[];
  /** Runs that are neither finished nor failed, in table rows. */
  missing: number;
}

/**
 * Another command may finish runs while the table is made of those before, and be overtaken in writing it: whoever
 * writes looks again, and makes it anew.
 * @throws NoComparison when there is no finished run; FileUnwritable
 */
export async function mergeFolder(folder: string, terminal: Terminal): Promise<Merged> {
  for (let tries = 1; ; tries++) {
    const plan = await readPlan(folder);
    const paths = pathsOf(plan);
    const state = await stateOf(folder, paths);
    const { comparison, failures } = tableOf(folder, plan, await readRuns(folder, paths));
    const unwritten = await writeTables(folder, comparison).then(() => null, (error: unknown) => error); // prettier-ignore
    if (!unwritten && tries < MOST_TRIES && state !== (await stateOf(folder, paths))) continue;
    terminal.out(comparisonText(comparison, failures));
    if (unwritten) throw unwritten;
    return { failures, missing: comparison.missing.length };
  }
}

/** A folder in which something ends every moment gets the table of one of them. */
const MOST_TRIES = 10;

function tableOf(folder: string, plan: FolderPlan, documents: readonly RunDocument[]) {
  const results = documents.flatMap((document) => (isFailed(document) ? [] : resultsOf(document)));
  const failures = documents.flatMap((document) => {
    if (!isFailed(document)) return [];
    const { run, error } = document;
    return [`${run.class}, ${run.method}, seed ${run.seed}: ${error.message}`];
  });
  if (results.length === 0 && failures.length === 0) throw new NoComparison(folder, 'no run is there yet');
  return { comparison: compareRuns(plan, results), failures };
}

/** @throws OutputsMissing */
async function writeTables(folder: string, comparison: Comparison): Promise<void> {
  const table = (name: string, content: string) => {
    const path = join(folder, name);
    return { name: path, write: () => writeBytes(path, content) };
  };
  await deliver('the table above', [
    table('table.json', prettyJson(comparisonJson(comparison))),
    table('table.csv', comparisonCsv(comparison)),
    table('table.tex', latexTable(comparison)),
  ]);
}

const pathsOf = ({ sets, methods, seeds }: FolderPlan): string[] =>
  sets.flatMap((className) =>
    methods.flatMap((label) => seeds.map((seed) => runPath({ className, label, seed }))),
  );

async function readRuns(folder: string, paths: readonly string[]): Promise<RunDocument[]> {
  return (await Promise.all(paths.map((path) => readRun(folder, path)))).flatMap(
    (document) => document ?? [],
  );
}
