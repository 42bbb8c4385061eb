// Whether a finished run may stand for one that is asked for now, and if not, why: it answers another question, or
// another program answered it.
import { PROGRAM } from '../../report/plan';
import { defaultParams } from '../../settings/table';
import type { RunDocument, RunIdentity, RunInputs } from './runDocument';

/** Null for one that may. */
export type Staleness =
  /** Null for a program that did not name itself, nor look into files. */
  | { kind: 'program'; before: string | null }
  /** In words; never empty. */
  | { kind: 'inputs'; changes: string[] }
  | null;

export function staleness(
  { run, config: before }: Pick<RunDocument, 'run' | 'config'>,
  now: RunIdentity,
  config: Record<string, unknown>,
): Staleness {
  if (run.fingerprint === now.fingerprint) return null;
  const settings = settingChanges(before, config);
  const files = run.inputs ? fileChanges(run.inputs, now.inputs!) : [];
  const changes = [...settings, ...files];
  if (changes.length > 0) return { kind: 'inputs', changes };
  // Settings that differ in nothing that can be named were another program's.
  if (run.program !== PROGRAM) return { kind: 'program', before: run.inputs ? (run.program ?? null) : null };
  return { kind: 'inputs', changes: ['the settings are others'] };
}

/** `name: before -> now` for each setting. */
function settingChanges(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  const old = { ...defaultParams(), ...before } as Record<string, unknown>;
  // The stored one is named as the engine recognised it, a file here by its path.
  return Object.keys(now)
    .filter((name) => name !== 'backbone' && name !== 'data' && old[name] !== now[name])
    .map((name) => `${name}: ${String(old[name])} -> ${String(now[name])}`);
}

const FILES: Record<Exclude<keyof RunInputs, 'settings'>, string> = {
  images: 'the images or their labels are others',
  masks: 'the masks are others',
  split_files: 'the split files are others',
  weights: 'the weights are others',
};

const fileChanges = (before: RunInputs, now: RunInputs): string[] =>
  Object.entries(FILES).flatMap(([kind, words]) => {
    const key = kind as keyof typeof FILES;
    return before[key] === now[key] ? [] : [words];
  });

/** Why runs of another program are made again, for the one who waits for them. */
export function renewalNote(programs: readonly (string | null)[]): string {
  const count = programs.length;
  const named = [...new Set(programs.flatMap((program) => program ?? []))];
  const unnamed = programs.includes(null);
  const who = [
    ...(named.length > 0 ? [`by ${named.join(', ')}`] : []),
    ...(unnamed ? ['by a version that did not look into the image and mask files'] : []),
  ].join(' or ');
  const [runs, were, keep] =
    count === 1 ? ['run is', 'It was', 'It stays'] : ['runs are', 'They were', 'They stay'];
  return `${count} finished ${runs} made again. ${were} made ${who}; this is ${PROGRAM}, whose figures may differ. ${keep} beside the new, under the version's name.`;
}
