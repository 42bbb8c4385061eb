// Layers in double precision for tests of trained methods: plain loops on rows of numbers, gradients by central
// differences, Adam from its paper. Independent of tfjs and of the kernels on purpose.

export type Rows = number[][];

/** Parameters by name, flat. */
export type Values = Record<string, number[]>;

/** x [n, p] times weight [p, q] (flat), plus bias [q]. */
export function linearRows(x: Rows, weight: readonly number[], bias?: readonly number[]): Rows {
  const outputs = weight.length / x[0]!.length;
  return x.map((row) =>
    Array.from({ length: outputs }, (_, j) =>
      row.reduce((sum, value, i) => sum + value * weight[i * outputs + j]!, bias?.[j] ?? 0),
    ),
  );
}

/** Batch normalisation of the columns as in training: the rows' own mean and biased variance, epsilon 1e-5. */
export function batchNormRows(x: Rows, scale: readonly number[], shift: readonly number[]): Rows {
  const columns = scale.map((_, j) => x.map((row) => row[j]!));
  const means = columns.map(mean);
  const variances = columns.map((column, j) => mean(column.map((value) => (value - means[j]!) ** 2)));
  return fixedNormRows(x, { means, variances, scale, shift });
}

/** The same with given statistics, as in inference. */
export function fixedNormRows(
  x: Rows,
  s: Record<'means' | 'variances' | 'scale' | 'shift', readonly number[]>,
): Rows {
  return x.map((row) =>
    row.map(
      (value, j) => ((value - s.means[j]!) / Math.sqrt(s.variances[j]! + 1e-5)) * s.scale[j]! + s.shift[j]!,
    ),
  );
}

/** Every number of the rows through a function. */
export const mapRows = (x: Rows, f: (value: number) => number): Rows => x.map((row) => row.map(f));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Gradient of `loss` at `values`, by central differences. */
export function numericGradient(loss: (values: Values) => number, values: Values): Values {
  const shifted = (name: string, index: number, by: number) =>
    loss({ ...values, [name]: values[name]!.map((value, i) => (i === index ? value + by : value)) });
  const step = 1e-5;
  return Object.fromEntries(
    Object.entries(values).map(([name, list]) => [
      name,
      list.map((_, i) => (shifted(name, i, step) - shifted(name, i, -step)) / (2 * step)),
    ]),
  );
}

/** Adam's first step from zero moments, with torch's `weight_decay` added to the gradient. */
export function firstAdamStep(value: number, gradient: number, learningRate: number, l2 = 0): number {
  const g = gradient + l2 * value;
  return value - (learningRate * g) / (Math.abs(g) + 1e-8);
}
