// The result folder: `comparison.json` says what belongs to the table, `runs/<class>/<method>/seed-<n>.json` is one run
// each. Files appear whole or not at all (written beside, then renamed), so an interrupted or parallel run leaves
// nothing half done; a file that is not whole JSON counts as absent.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { count, objectOf, parseValue, version } from '../../lib/formats/schema';
import type { Plan } from '../../report/comparison';
import { prettyJson } from '../../report/json';
import { FileUnwritable } from '../errors';
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
  writeWhole(join(folder, path), prettyJson(document));

/** Keeps a run that another takes the place of, under the name of the program that made it. @throws FileUnwritable */
export const keepRunBeside = (folder: string, path: string, document: RunDocument): Promise<void> =>
  writeRun(
    folder,
    path.replace(/\.json$/, `.${slug(document.run.program ?? 'before').slice(0, LONGEST_NAME)}.json`),
    document,
  );

const LONGEST_NAME = 60;

const PLAN_FILE = 'comparison.json';

/**
 * Writes the plan, together with methods and seeds that an earlier command put there.
 * @throws FileUnwritable, BadComparison where unified runs would meet runs by class
 */
export async function joinPlan(folder: string, plan: FolderPlan): Promise<FolderPlan> {
  const before = await readPlan(folder).catch(() => null);
  if (before && before.unified !== plan.unified) {
    const kind = before.unified ? 'unified runs' : 'runs by class';
    throw new BadComparison(
      `${folder} holds ${kind}, which cannot share a table with the others.`,
      'Name another folder with --out.',
    );
  }
  const together = (key: 'classes' | 'methods' | 'seeds' | 'sets') => [
    ...new Set<string | number>([...(before?.[key] ?? []), ...plan[key]]),
  ];
  const joined = {
    ...plan,
    classes: together('classes'),
    methods: together('methods'),
    seeds: together('seeds'),
    sets: together('sets'),
  } as FolderPlan;
  await writeWhole(join(folder, PLAN_FILE), prettyJson({ schema: FOLDER_SCHEMA, ...joined }));
  return joined;
}

const PLAN = objectOf({
  schema: version(FOLDER_SCHEMA),
  classes: v.array(v.string()),
  methods: v.array(v.string()),
  seeds: v.array(count()),
  sets: v.array(v.string()),
  data: v.optional(v.string(), ''),
  unified: v.optional(v.boolean(), false),
});

/** @throws NoComparison */
export async function readPlan(folder: string): Promise<FolderPlan> {
  const raw = await readJson(join(folder, PLAN_FILE));
  if (raw === null) throw new NoComparison(folder, `it has no readable ${PLAN_FILE}`);
  const { classes, methods, seeds, sets, data, unified } = parseValue(
    PLAN,
    raw,
    (detail) => new NoComparison(folder, `in its ${PLAN_FILE}, ${detail}`),
  );
  return { classes, methods, seeds, sets, data, unified };
}

/** Null for what is not there or no JSON. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}

/** @throws FileUnwritable */
export async function writeWhole(path: string, content: string): Promise<void> {
  // Other jobs, on other machines too, may write the same table.
  const beside = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (cause) {
    throw new FileUnwritable(path, cause);
  }
}
