// Small judges of values that come from a session's JSON: each gives the value with its type, or throws Misfit naming
// the place. Parameters are judged by their table instead (parse.ts).

/** A value that cannot be; read.ts turns it into a SessionDamaged. */
export class Misfit extends Error {}

export type Raw = Record<string, unknown>;

const wrong = (place: string, wanted: string): never => {
  throw new Misfit(`${place} is not ${wanted}`);
};

export function record(value: unknown, place: string): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(place, 'an object');
  return value as Raw;
}

export function list(value: unknown, place: string, longest: number): unknown[] {
  if (!Array.isArray(value)) return wrong(place, 'a list');
  return value.length <= longest ? (value as unknown[]) : wrong(place, `a list of at most ${longest}`);
}

export function text(value: unknown, place: string, longest: number): string {
  return typeof value === 'string' && value.length <= longest
    ? value
    : wrong(place, `text of up to ${longest}`);
}

export function finite(value: unknown, place: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : wrong(place, 'a number');
}

/** A whole number from 0 up. */
export function count(value: unknown, place: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(place, 'a count');
}

export function oneOf<const V>(value: unknown, place: string, allowed: readonly V[]): V {
  return allowed.includes(value as V) ? (value as V) : wrong(place, `one of ${allowed.join(', ')}`);
}

const DIGEST = /^[0-9a-f]{64}$/;

export function digest(value: unknown, place: string): string {
  return typeof value === 'string' && DIGEST.test(value) ? value : wrong(place, 'a SHA-256');
}

/** Null stays null, and so does what is missing; anything else is judged. */
export const orNull = <T>(value: unknown, judge: (value: unknown) => T): T | null =>
  value === null || value === undefined ? null : judge(value);
