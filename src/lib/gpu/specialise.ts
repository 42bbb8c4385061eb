// A shader with other numbers in its `const` declarations, and with marked loops written out: register tiles. WGSL's `override`
// sizes no array of registers, and a register array whose index is computed may end up in memory.
import type { ShaderSource } from './shader';

const known = new Map<ShaderSource, Map<string, ShaderSource>>();

/**
 * The shader with these values for its whole-number constants, and every loop below a line `// unroll` written out, its
 * counter as a literal. Such a loop is `for (var NAME = 0u; NAME < BOUND; NAME++) {`, BOUND made of constants.
 * The same values give the same object.
 * @param unroll false leaves the loops: the same numbers, and little to compile, for adapters that compute on the CPU
 * @throws Error for a constant that the shader does not declare as a plain number, and a marked loop of another form
 */
export function specialise(
  source: ShaderSource,
  values: Readonly<Record<string, number>>,
  unroll = true,
): ShaderSource {
  const made = known.get(source) ?? new Map<string, ShaderSource>();
  known.set(source, made);
  const key = `${Object.values(values).join('_')}${unroll ? '' : '_rolled'}`;
  const present = made.get(key);
  if (present) return present;
  const filled = Object.entries(values).reduce(
    (code, [name, value]) => fill(source.name, code, name, value),
    source.code,
  );
  const constants = constantsIn(filled);
  const code = unroll ? writtenOut(filled, constants) : filled;
  const size = [constants['THREADS'] ?? source.workgroupSize?.[0] ?? 1, 1, 1] as const;
  const result = { ...source, name: `${source.name}_${key}`, code, constants, workgroupSize: size };
  made.set(key, result);
  return result;
}

function fill(shader: string, code: string, name: string, value: number): string {
  const declaration = new RegExp(`^(const ${name}\\b[^=;]*= )\\d+(u?;)`, 'm');
  if (!declaration.test(code)) throw new Error(`Shader ${shader} declares no number ${name} to fill in.`);
  return code.replace(declaration, `$1${value}$2`);
}

const LOOP = /^( *)\/\/ unroll\n *for \(var (\w+) = 0u; \2 < ([^;]+); \2\+\+\) \{\n/m;

/** From the outside in, until no marked loop is left. */
function writtenOut(code: string, constants: Readonly<Record<string, number>>): string {
  for (;;) {
    const found = LOOP.exec(code);
    if (!found) break;
    const [head, indent, counter, bound] = found as unknown as [string, string, string, string];
    const start = found.index + head.length;
    // The formatting closes a block where it was opened.
    const close = `\n${indent}}\n`;
    const end = code.indexOf(close, start);
    const body = code.slice(start, end);
    const named = new RegExp(`\\b${counter}\\b`, 'g');
    const copies = Array.from(
      { length: valueOf(bound, constants) },
      (_, i) => `${indent}{\n${body.replace(named, `${i}u`)}${close}`,
    );
    code = code.slice(0, found.index) + copies.join('') + code.slice(end + close.length);
  }
  if (/^ *\/\/ unroll$/m.test(code))
    throw new Error('A loop marked "unroll" is not of the form that can be.');
  return code;
}

const CONSTANT = /^const\s+(\w+)[^=;]*=\s*([^;]+);/gm;

/** The values of WGSL's `const` declarations that are whole numbers, or sums, products and quotients of such. */
export function constantsIn(code: string): Record<string, number> {
  const terms = new Map([...code.matchAll(CONSTANT)].map(([, name, term]) => [name!, term!]));
  const values: Record<string, number> = {};
  const lookUp = (name: string): number => {
    const term = terms.get(name);
    return (values[name] ??= term === undefined ? NaN : evaluate(term, lookUp));
  };
  for (const name of terms.keys()) lookUp(name);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isInteger(value)));
}

function valueOf(term: string, constants: Readonly<Record<string, number>>): number {
  const value = evaluate(term, (name) => constants[name] ?? NaN);
  if (Number.isInteger(value)) return value;
  throw new Error(`"${term}" is no whole number of constants.`);
}

/** +, -, *, / and parentheses over whole numbers and names; NaN for anything else. */
function evaluate(term: string, lookUp: (name: string) => number): number {
  const tokens = term.match(/\w+|\S/g) ?? [];
  let at = 0;
  const value = sum();
  return at === tokens.length ? value : NaN;

  function sum(): number {
    let total = product();
    while (tokens[at] === '+' || tokens[at] === '-') total += tokens[at++] === '+' ? product() : -product();
    return total;
  }

  function product(): number {
    let total = factor();
    while (tokens[at] === '*' || tokens[at] === '/') {
      total = tokens[at++] === '*' ? total * factor() : Math.floor(total / factor());
    }
    return total;
  }

  function factor(): number {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const inner = sum();
      return tokens[at++] === ')' ? inner : NaN;
    }
    const [, number] = /^(0x[\da-f]+|\d+)[iu]?$/i.exec(token) ?? [];
    return number ? Number(number) : /^[A-Za-z_]\w*$/.test(token) ? lookUp(token) : NaN;
  }
}
