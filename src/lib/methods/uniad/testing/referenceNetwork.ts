// UniAD's forward pass once more, in double precision and plain loops over lists of tokens, written from the
// paper's figures with a whole matrix of attention. Shares nothing with ../network.ts but the names of the parameters.

/** One image as tokens, each a list of channels. */
export type Tokens = number[][];

/** Values and last-axis length of a parameter by name. */
export type Lookup = (name: string) => { values: ArrayLike<number>; shape: readonly number[] };

export interface ReferenceSizes {
  height: number;
  width: number;
  heads: number;
  layers: number;
  /** Side of the square neighbourhood that is hidden from each token; 0 hides nothing. */
  hidden: number;
}

/** What the network makes of the tokens of one image, without dropout and noise. */
export function referenceRebuild(tokens: Tokens, lookup: Lookup, sizes: ReferenceSizes): Tokens {
  const position = positions(lookup, sizes);
  let memory = dense(tokens, lookup, 'input');
  for (let i = 0; i < sizes.layers; i++) {
    const name = `encoder.${i}`;
    const placed = sum(memory, position);
    const attended = referenceAttention(placed, placed, memory, lookup, `${name}.attention`, sizes);
    const x = norm(sum(memory, attended), lookup, `${name}.attentionNorm`);
    memory = norm(sum(x, feedForward(x, lookup, name)), lookup, `${name}.feedForwardNorm`);
  }
  let previous = memory;
  for (let i = 0; i < sizes.layers; i++) {
    const name = `decoder.${i}`;
    const query = rowsOf(lookup(`${name}.query`));
    const attend = (asking: Tokens, at: Tokens, part: string) =>
      referenceAttention(sum(asking, position), sum(at, position), at, lookup, `${name}.${part}`, sizes);
    const x = norm(sum(query, attend(query, memory, 'encoded')), lookup, `${name}.encodedNorm`);
    const y = norm(sum(x, attend(x, previous, 'previous')), lookup, `${name}.previousNorm`);
    previous = norm(sum(y, feedForward(y, lookup, name)), lookup, `${name}.feedForwardNorm`);
  }
  return dense(norm(previous, lookup, 'decoderNorm'), lookup, 'output');
}

/** Whether token `a` sees token `b`: outside the square of side `hidden` around it. */
export function sees(a: number, b: number, { width, hidden }: ReferenceSizes): boolean {
  const rows = Math.abs(Math.trunc(a / width) - Math.trunc(b / width));
  const columns = Math.abs((a % width) - (b % width));
  return Math.max(rows, columns) > (hidden - 1) / 2;
}

/** One multi-head attention with its four projections. */
export function referenceAttention(
  queries: Tokens,
  keys: Tokens,
  values: Tokens,
  lookup: Lookup,
  name: string,
  sizes: ReferenceSizes,
): Tokens {
  const [q, k, v] = [
    dense(queries, lookup, `${name}.query`),
    dense(keys, lookup, `${name}.key`),
    dense(values, lookup, `${name}.value`),
  ];
  const head = q[0]!.length / sizes.heads;
  const answers = q.map((query, i) =>
    query.map((_, channel) => {
      const from = Math.trunc(channel / head) * head;
      const scores = k.map((key, j) => {
        if (!sees(i, j, sizes)) return -Infinity;
        let score = 0;
        for (let d = from; d < from + head; d++) score += query[d]! * key[d]!;
        return score / Math.sqrt(head);
      });
      const weights = softmax(scores);
      return weights.reduce((total, weight, j) => total + weight * v[j]![channel]!, 0);
    }),
  );
  return dense(answers, lookup, `${name}.output`);
}

function softmax(scores: number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

function positions(lookup: Lookup, { height, width }: ReferenceSizes): Tokens {
  const [rows, columns] = [rowsOf(lookup('position.rows')), rowsOf(lookup('position.columns'))];
  return Array.from({ length: height * width }, (_, i) => [
    ...columns[i % width]!,
    ...rows[Math.trunc(i / width)]!,
  ]);
}

function feedForward(x: Tokens, lookup: Lookup, layer: string): Tokens {
  const wide = dense(x, lookup, `${layer}.feedForward.widen`).map((row) => row.map((z) => (z > 0 ? z : 0)));
  return dense(wide, lookup, `${layer}.feedForward.narrow`);
}

function dense(x: Tokens, lookup: Lookup, name: string): Tokens {
  const weight = rowsOf(lookup(`${name}.weight`));
  const bias = Array.from(lookup(`${name}.bias`).values);
  return x.map((row) =>
    bias.map((start, o) => row.reduce((total, value, i) => total + value * weight[i]![o]!, start)),
  );
}

function norm(x: Tokens, lookup: Lookup, name: string): Tokens {
  const [scale, shift] = [lookup(`${name}.scale`).values, lookup(`${name}.shift`).values];
  return x.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
    return row.map((value, c) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[c]! + shift[c]!);
  });
}

const sum = (a: Tokens, b: Tokens): Tokens => a.map((row, i) => row.map((value, c) => value + b[i]![c]!));

function rowsOf({ values, shape }: ReturnType<Lookup>): number[][] {
  const length = shape.at(-1)!;
  return Array.from({ length: values.length / length }, (_, i) =>
    Array.from({ length }, (_, c) => values[i * length + c]!),
  );
}
