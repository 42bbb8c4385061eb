// The result folder: `plans/` holds what each command asked for, `comparison.json` all of it together, and
// `runs/<class>/<method>/seed-<n>.json` is one run each. Files appear whole or not at all, so an interrupted or parallel
// command leaves nothing half done; a file that is not whole JSON counts as absent. Commands that share a folder write no
// file that another's must survive in, so they need no lock.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { count, objectOf, parseValue, version } from '../../lib/formats/schema';
import type { Plan } from '../../report/comparison';
import { prettyJson } from '../../report/json';
import { sha256Hex } from '../data/digests';
import { writeBytes } from '../data/files';
import { disk } from '../output/disk';
import { BadComparison, NoComparison } from './errors';
import { slug, type PlannedRun } from './plan';
import { parseRunDocument, type RunDocument } from './runDocument';

export const FOLDER_SCHEMA = 1;

/** What the folder is about. Methods and seeds may be added by later commands. */
export interface FolderPlan extends Plan {
  data: string;
  unified: boolean;
  /** Sets that runs are made on: `classes`, or one for all of them. */
  sets: string[];
}

export const runPath = ({
  className,
  label,
  seed,
}: Pick<PlannedRun, 'className' | 'label' | 'seed'>): string =>
  join('runs', slug(className), slug(label), `seed-${seed}.json`);

/** A run's document; null when there is none that can be used. */
export async function readRun(folder: string, path: string): Promise<RunDocument | null> {
  return parseRunDocument(await readJson(join(folder, path)));
}

/** @throws FileUnwritable */
export const writeRun = (folder: string, path: string, document: RunDocument): Promise<void> =>
  writeBytes(join(folder, path), prettyJson(document));

/** Keeps a run that another takes the place of, under the name of the program that made it. @throws FileUnwritable */
export const keepRunBeside = (folder: string, path: string, document: RunDocument): Promise<void> =>
  writeRun(
    folder,
    path.replace(/\.json$/, `.${slug(document.run.program ?? 'before').slice(0, LONGEST_NAME)}.json`),
    document,
  );

const LONGEST_NAME = 60;

const PLAN_FILE = 'comparison.json';
const PLANS = 'plans';
const TABLES = ['table.json', 'table.csv', 'table.tex'];

/** Files that a command with these runs writes. */
export const targetsIn = (folder: string, runs: readonly string[]): string[] =>
  [PLAN_FILE, ...TABLES, ...runs].map((name) => join(folder, name));

/**
 * Adds a plan to those that other commands, earlier ones or at this moment, put there.
 * @returns all together
 * @throws FileUnwritable, NoComparison, BadComparison where unified runs would meet runs by class
 */
export async function joinPlan(folder: string, plan: FolderPlan): Promise<FolderPlan> {
  assertShareable(folder, plan, await readPlans(folder));
  // The same command, another shard of it too, has the same file.
  const own = join(folder, PLANS, `${sha256Hex(JSON.stringify(plan)).slice(0, 32)}.json`);
  const isNew = (await readJson(own)) === null;
  if (isNew) {
    await writeBytes(own, prettyJson({ schema: FOLDER_SCHEMA, since: new Date().toISOString(), ...plan }));
  }
  const plans = await readPlans(folder);
  try {
    assertShareable(folder, plan, plans);
  } catch (error) {
    // Another command of the other kind came at the same moment; it looks as well.
    if (isNew) await disk.remove(own);
    throw error;
  }
  const joined = { ...together(plans), data: plan.data };
  await writeBytes(join(folder, PLAN_FILE), prettyJson({ schema: FOLDER_SCHEMA, ...joined }));
  return joined;
}

/** @throws BadComparison */
function assertShareable(folder: string, { unified }: FolderPlan, plans: readonly FolderPlan[]): void {
  if (plans.every((other) => other.unified === unified)) return;
  const kind = unified ? 'runs by class' : 'unified runs';
  throw new BadComparison(
    `${folder} holds ${kind}, which cannot share a table with the others.`,
    'Name another folder with --out.',
  );
}

/** What any of them asks for, in their order. */
function together(plans: readonly FolderPlan[]): FolderPlan {
  const all = <T>(key: (plan: FolderPlan) => readonly T[]) => [...new Set(plans.flatMap(key))];
  return {
    ...plans[0]!,
    classes: all(({ classes }) => classes),
    methods: all(({ methods }) => methods),
    seeds: all(({ seeds }) => seeds),
    sets: all(({ sets }) => sets),
  };
}

const PLAN = objectOf({
  schema: version(FOLDER_SCHEMA),
  classes: v.array(v.string()),
  methods: v.array(v.string()),
  seeds: v.array(count()),
  sets: v.array(v.string()),
  data: v.optional(v.string(), ''),
  unified: v.optional(v.boolean(), false),
  since: v.optional(v.string(), ''),
});

/**
 * All that commands asked for in a folder, or in several that hold parts of one comparison.
 * @throws NoComparison, BadComparison where unified runs would meet runs by class
 */
export async function readPlan(...folders: string[]): Promise<FolderPlan> {
  const found: FolderPlan[] = [];
  for (const folder of folders) {
    const plans = await readPlans(folder);
    if (plans.length === 0) throw new NoComparison(folder, `it has no readable ${PLAN_FILE}`);
    assertShareable(folder, plans[0]!, found);
    found.push(...plans);
  }
  return together(found);
}

/** What was together before, then each command's own, the oldest first. */
async function readPlans(folder: string): Promise<FolderPlan[]> {
  const names = await readdir(join(folder, PLANS)).catch(() => []);
  const own = names.filter((name) => name.endsWith('.json')).map((name) => join(PLANS, name));
  const read = await Promise.all([PLAN_FILE, ...own.sort()].map((name) => readOnePlan(folder, name)));
  return read
    .flatMap((plan) => plan ?? [])
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
    .map(({ plan }) => plan);
}

async function readOnePlan(folder: string, name: string) {
  const raw = await readJson(join(folder, name));
  if (raw === null) return null;
  const { classes, methods, seeds, sets, data, unified, since } = parseValue(
    PLAN,
    raw,
    (detail) => new NoComparison(folder, `in its ${name}, ${detail}`),
  );
  return { plan: { classes, methods, seeds, sets, data, unified }, since };
}

/** Changes whenever one of these files is written or goes. */
export async function stateOf(folder: string, paths: readonly string[]): Promise<string> {
  const plans = (await readdir(join(folder, PLANS)).catch(() => [])).sort();
  const files = paths.map(async (path) => {
    const found = await stat(join(folder, path), { bigint: true }).catch(() => null);
    return found && `${found.ino} ${found.mtimeNs} ${found.size}`;
  });
  return JSON.stringify([plans, await Promise.all(files)]);
}

/** Null for what is not there or no JSON. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
