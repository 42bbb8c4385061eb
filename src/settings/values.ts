// Judges values that come from outside (a link, a stored session, a number box) by the rows of the table:
// whatever arrives, what leaves is a value the row allows. No parsing of whole links here (link.ts does).
import type { ChoiceSpec, NumberSpec, ParamSpec } from './spec';
import { PARAMS, type ParamName, type Params } from './table';

/** The row of a parameter, seen as the union of all row shapes. */
export const specOf = (name: ParamName): ParamSpec => PARAMS[name];

/** A judged value and, when it was changed on the way, one sentence saying how. */
export interface Judged<V = unknown> {
  value: V;
  problem?: string;
}

/** Nearest value a number row allows; anything that is not a finite number gives the default. */
export function clampNumber(spec: NumberSpec, value: number): number {
  if (!Number.isFinite(value)) return spec.default;
  const whole = spec.integer ? Math.round(value) : value;
  // Adding zero turns -0 into 0, which a link could not tell apart.
  return Math.min(spec.max, Math.max(spec.min, whole)) + 0;
}

/** Printable text without markup: what data sets and backbones may be called. */
const TEXT_PATTERN = /[^\p{L}\p{N}_.,:/+ -]/gu;

/**
 * Judges `raw` (usually text from a link) by a row of the table.
 * @returns an allowed value; `problem` says what was wrong, absent when nothing was.
 */
export function judge(spec: ParamSpec, raw: unknown): Judged {
  if (spec.kind === 'number') return judgeNumber(spec, raw);
  if (spec.kind === 'flag') return judgeFlag(raw, spec.default);
  if (spec.kind === 'choice') return judgeChoice(spec, raw);
  if (typeof raw !== 'string') return { value: spec.default, problem: 'is not text' };
  const value = raw.replace(TEXT_PATTERN, '').slice(0, spec.maxLength);
  return value === raw && value !== ''
    ? { value }
    : { value: value || spec.default, problem: 'has characters it may not have' };
}

function judgeChoice({ aliases = {}, options, default: fallback }: ChoiceSpec, raw: unknown): Judged {
  const meant = typeof raw === 'string' && Object.hasOwn(aliases, raw) ? aliases[raw] : raw;
  const known = options.some(({ value }) => value === meant);
  return known ? { value: meant } : { value: fallback, problem: 'is not one of its choices' };
}

function judgeNumber(spec: NumberSpec, raw: unknown): Judged<number> {
  // Text of a link or a number of a session; any other kind of value would be asked to convert itself.
  const readable = typeof raw === 'number' || (typeof raw === 'string' && raw.trim() !== '');
  const read = readable ? Number(raw) : NaN;
  const value = clampNumber(spec, read);
  if (value === read) return { value };
  const problem = Number.isFinite(read) ? `is outside ${spec.min} to ${spec.max}` : 'is not a number';
  return { value, problem };
}

function judgeFlag(raw: unknown, fallback: boolean): Judged<boolean> {
  if (raw === true || raw === '1') return { value: true };
  if (raw === false || raw === '0') return { value: false };
  return { value: fallback, problem: 'is neither 1 nor 0' };
}

/** Puts right what no single row can see: the training intensities form a range, lowest first. */
export function consistent(params: Params): Params {
  const { fbpIntensityMin, fbpIntensityMax } = params;
  if (fbpIntensityMin <= fbpIntensityMax) return params;
  return { ...params, fbpIntensityMin: fbpIntensityMax, fbpIntensityMax: fbpIntensityMin };
}

/** How many decimals a step needs: 0.05 gives 2, 1 gives 0. */
export function decimalsOf(step: number): number {
  const [digits, exponent = '0'] = String(step).split('e-');
  return (digits!.split('.')[1]?.length ?? 0) + Number(exponent);
}
