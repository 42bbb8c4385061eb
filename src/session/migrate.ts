// Older sessions brought to the present version, one step a version: each step takes the JSON of its version and
// gives that of the next. A later version is never guessed at.
import type { Raw } from './checks';
import { NotASession, SessionNewer } from './errors';
import { SESSION_SCHEMA } from './types';

/** By the version they start from. */
const STEPS: Record<number, (old: Raw) => Raw> = { 1: fromModelFile };

/** @throws NotASession without a version, SessionNewer beyond the present one */
export function migrate(raw: Raw, file: string): Raw {
  const { schema } = raw;
  if (!Number.isSafeInteger(schema) || (schema as number) < 1) {
    throw new NotASession(file, 'its description names no format version');
  }
  if ((schema as number) > SESSION_SCHEMA) throw new SessionNewer(file, schema as number, SESSION_SCHEMA);
  let now = raw;
  for (let from = schema as number; from < SESSION_SCHEMA; from++) now = STEPS[from]!(now);
  return now;
}

/** Version 1 described a model alone: `params`, `trainImages`, `threshold`, `metrics`. */
function fromModelFile({ params, trainImages, threshold, metrics }: Raw): Raw {
  return {
    schema: 2,
    params,
    data: { dataset: 'own', images: [] },
    model: {
      ...{ params, trainImages, threshold, metrics },
      ...{ fusionValue: null, losses: { 1: [], 2: [] }, seconds: null },
    },
    run: null,
    view: { image: null, fusionValue: null },
  };
}
