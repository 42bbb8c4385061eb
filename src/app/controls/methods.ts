// Words for the methods: their short names, and what the numbers of their maps are.
import { aboutMethod, METHODS, type MethodName } from '../../settings/methods';

/** Short enough for a button row. */
export const METHOD_NAMES = Object.fromEntries(METHODS.map(({ id, name }) => [id, name])) as Record<
  MethodName,
  string
>;

/** A row of a comparison, which is a method's or a variant's. */
export const rowName = (label: string): string => METHOD_NAMES[label as MethodName] ?? label;

/** What a method's map measures, beside the colour scale. */
export const mapUnit = (method: MethodName): string => aboutMethod(method).mapUnit;
