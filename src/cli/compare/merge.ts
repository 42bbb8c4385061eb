// `compare --merge FOLDER`, and the end of every comparison: one table out of the runs that are there, on the screen and
// as table.json, table.csv and table.tex.
import { basename, join } from 'node:path';
import { compareRuns, type Comparison } from '../../report/comparison';
import { comparisonCsv } from '../../report/csv';
import { comparisonJson, prettyJson } from '../../report/json';
import { latexTable } from '../../report/latex';
import { PROGRAM } from '../../report/plan';
import type { Terminal } from '../output/terminal';
import { deliver } from '../output/deliver';
import { assertTargets } from '../output/targets';
import { disagreements, type FoundRun } from './agreement';
import { NoComparison, PartsDisagree } from './errors';
import { writeBytes } from '../data/files';
import { readPlan, readRun, runPath, stateOf, targetsIn, type FolderPlan } from './folder';
import { comparisonReport } from './htmlReport';
import { isFailed, resultsOf, type RunDocument } from './runDocument';
import { comparisonText } from './summaryText';

export interface Merged {
  /** One line per run that failed. */
  failures: string[];
  /** Runs that are neither finished nor failed, in table rows. */
  missing: number;
}

/** What `--merge` was told. */
export interface MergeRequest {
  /** Of one comparison, or of parts of one. */
  folders: string[];
  /** Where the tables go. */
  out: string;
  report: string | null;
}

/**
 * One table of what folders hold.
 * @throws PartsDisagree before anything is written; NoComparison, BadComparison, FileUnwritable
 */
export async function merge({ folders, out, report }: MergeRequest, terminal: Terminal): Promise<void> {
  const paths = pathsOf(await readPlan(...folders));
  const inputs = folders.flatMap((folder) => paths.map((path) => join(folder, path)));
  await assertTargets([...targetsIn(out, []), ...(report === null ? [] : [report])], inputs);
  await mergeFolder(out, terminal, { report, parts: folders, strict: true });
}

interface MergeOptions {
  /** Destination of the HTML report; null: none. */
  report?: string | null;
  /** Folders that the runs lie in, when they are others than where the table goes. */
  parts?: readonly string[];
  /** Refuses runs of different data or settings, instead of saying so below the table. */
  strict?: boolean;
}

/**
 * Another command may finish runs while the table is made of those before, and be overtaken in writing it: whoever
 * writes looks again, and makes it anew.
 * @throws NoComparison when there is no finished run; PartsDisagree; FileUnwritable
 */
export async function mergeFolder(
  folder: string,
  terminal: Terminal,
  { report = null, parts = [folder], strict = false }: MergeOptions = {},
): Promise<Merged> {
  for (let tries = 1; ; tries++) {
    const plan = await readPlan(...parts);
    const paths = pathsOf(plan);
    const state = await stateOfAll(parts, paths);
    const found = await readRuns(parts, paths);
    const odd = disagreements(found);
    if (strict && odd.length > 0) throw new PartsDisagree(odd);
    const documents = chosen(found);
    const { comparison, failures, others } = tableOf(folder, plan, documents);
    const html = report === null ? null : comparisonReport(titleOf(plan), comparison, documents);
    const unwritten = await writeTables(folder, comparison, html === null ? null : { path: report!, html }).then(() => null, (error: unknown) => error); // prettier-ignore
    if (!unwritten && tries < MOST_TRIES && state !== (await stateOfAll(parts, paths))) continue;
    terminal.out(comparisonText(comparison, failures, { others, odd }));
    if (unwritten) throw unwritten;
    return { failures, missing: comparison.missing.length };
  }
}

const stateOfAll = async (folders: readonly string[], paths: readonly string[]): Promise<string> =>
  JSON.stringify(await Promise.all(folders.map((folder) => stateOf(folder, paths))));

/** The data folder's name. */
const titleOf = ({ data, sets }: FolderPlan): string => basename(data) || sets.join(', ');

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
  return { comparison: compareRuns(plan, results), failures, others: documents.flatMap(ofAnotherProgram) };
}

/** A finished run that this program did not make: it stands in the table, and that is said. */
function ofAnotherProgram(document: RunDocument): string[] {
  const { run } = document;
  if (isFailed(document) || run.program === PROGRAM) return [];
  return [`${run.class}, ${run.method}, seed ${run.seed}: ${run.program ?? 'before versions were noted'}`];
}

/** @throws OutputsMissing */
async function writeTables(
  folder: string,
  comparison: Comparison,
  report: { path: string; html: string } | null,
): Promise<void> {
  const table = (name: string, content: string) => {
    const path = join(folder, name);
    return { name: path, write: () => writeBytes(path, content) };
  };
  await deliver('the table above', [
    table('table.json', prettyJson(comparisonJson(comparison))),
    table('table.csv', comparisonCsv(comparison)),
    table('table.tex', latexTable(comparison)),
    report && { name: report.path, write: () => writeBytes(report.path, report.html) },
  ]);
}

const pathsOf = ({ sets, methods, seeds }: FolderPlan): string[] =>
  sets.flatMap((className) =>
    methods.flatMap((label) => seeds.map((seed) => runPath({ className, label, seed }))),
  );

/** Of every folder, those of a path side by side. */
async function readRuns(folders: readonly string[], paths: readonly string[]): Promise<FoundRun[]> {
  const places = paths.flatMap((path) => folders.map((folder) => ({ folder, path })));
  const found = places.map(async ({ folder, path }) => {
    const document = await readRun(folder, path);
    return document ? [{ path: join(folder, path), document }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** One of each run: a finished one where there is one. */
function chosen(found: readonly FoundRun[]): RunDocument[] {
  const runs = new Map<string, RunDocument>();
  for (const { document } of found) {
    const key = JSON.stringify([document.run.class, document.run.method, document.run.seed]);
    const before = runs.get(key);
    if (!before || (isFailed(before) && !isFailed(document))) runs.set(key, document);
  }
  return [...runs.values()];
}
