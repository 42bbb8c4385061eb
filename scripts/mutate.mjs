// Mutation testing: whether the unit tests notice when the code is another. Each operator, number, condition and switch of the
// given files is changed in turn, and the tests named for them run until one fails; what none notices is printed.
// npm run mutate -- src/lib/scoring/metrics/scores.ts [--tests src/lib/scoring/metrics] [--most 100]
// The files on disk stay as they are: Vite hands the tests a changed one.
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { loadConfigFromFile } from 'vite';
import { createVitest } from 'vitest/node';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { tests: { type: 'string', multiple: true }, most: { type: 'string', default: '100' } },
});

const SWAPS = {
  '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===', '+': '-', '-': '+', '*': '/', '/': '*',
  '&&': '||', '||': '&&', '+=': '-=', '-=': '+=', '??': '&&',
}; // prettier-ignore
/** Rounds of all loops together after which a mutant counts as one that never ends. */
const MOST_ROUNDS = 1e7;
/** On a busy machine a test that takes its time has noticed nothing; a mutant's loops are ended by their rounds. */
const LONGEST_MS = 120_000;
const GUARD = `let __rounds = 0; const __round = () => { if (++__rounds > ${MOST_ROUNDS}) throw new Error('endless'); };\n`;

/** A file's mutants, and the guards of its loops: pieces of text with their replacements. */
function readMutants(path) {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const guards = [];
  const change = (node, to, start = node.getStart(), end = node.end) =>
    mutants.push({
      path,
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      from: text.slice(start, end),
      ...{ to, start, end },
    });
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const swap = SWAPS[node.operatorToken.getText()];
      if (swap) change(node.operatorToken, swap);
    } else if (ts.isNumericLiteral(node) && node.parent.name !== node) change(node, `(${node.text} + 1)`);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) change(node, 'false');
    else if (node.kind === ts.SyntaxKind.FalseKeyword) change(node, 'true');
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      change(node, '', node.getStart(), node.operand.getStart());
    else if (ts.isIfStatement(node)) change(node.expression, 'false');
    else if (ts.isConditionalExpression(node)) change(node.condition, 'false');
    else if (ts.isThrowStatement(node)) change(node, ';');
    if (ts.isIterationStatement(node, false) && ts.isBlock(node.statement))
      guards.push({
        start: node.statement.getStart() + 1,
        end: node.statement.getStart() + 1,
        to: ' __round();',
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text, mutants, guards };
}

const targets = new Map(files.map((file) => [resolve(file), readMutants(resolve(file))]));
let current = null;
/** What the last run said, should it be of no use. */
let why = '';

/** Hands out the file with its guards and, if it is its turn, the mutant. */
const mutator = {
  name: 'mutator',
  enforce: 'pre',
  load(id) {
    const target = targets.get(id.split('?')[0]);
    if (!target) return null;
    const edits = [...target.guards, ...(current?.path === id.split('?')[0] ? [current] : [])];
    edits.sort((a, b) => b.start - a.start);
    const changed = edits.reduce(
      (text, { start, end, to }) => text.slice(0, start) + to + text.slice(end),
      target.text,
    );
    return GUARD + changed;
  },
};

const { config } = await loadConfigFromFile({ command: 'serve', mode: 'test' }, 'vite.config.ts');
const shaders = (await config.plugins).flat().filter((plugin) => plugin?.name === 'wgsl');
const vitest = await createVitest(
  'test',
  {
    watch: false,
    config: false,
    include: ['src/**/*.test.ts'],
    reporters: [{}],
    bail: 1,
    maxWorkers: 1,
    // A process for all tests: most of a run would be its start.
    isolate: false,
    testTimeout: LONGEST_MS,
  },
  { define: config.define, plugins: [mutator, ...shaders] },
);
const specs = await vitest.globTestSpecifications(values.tests ?? [...new Set(files.map(dirname))]);
const wanted = specs.filter(({ moduleId }) => !moduleId.includes('.fuzz.'));

/** Whether the tests notice: the file's own first, for they mostly do. */
async function noticed(mutant) {
  const own = mutant && `/${basename(mutant.path, '.ts')}.test.ts`;
  const first = wanted.filter(({ moduleId }) => own !== null && moduleId.endsWith(own));
  const rest = wanted.filter((spec) => !first.includes(spec));
  return (
    (first.length > 0 && (await fails(mutant, first))) || (rest.length > 0 && (await fails(mutant, rest)))
  );
}

async function fails(mutant, chosen) {
  current = mutant;
  for (const path of targets.keys()) vitest.invalidateFile(path);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(chosen);
  const failed = testModules.flatMap((module) => [...module.children.allTests('failed')]);
  const errors = [...unhandledErrors, ...failed.flatMap((test) => test.result().errors ?? [])];
  why = errors
    .map(({ message }) => message)
    .join('; ')
    .slice(0, 500);
  return unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
}

const all = [...targets.values()].flatMap(({ mutants }) => mutants);
const step = Math.max(1, all.length / Number(values.most));
const drawn = Array.from(
  { length: Math.min(all.length, Number(values.most)) },
  (_, i) => all[Math.floor(i * step)],
);
try {
  if (await noticed(null)) throw new Error(`The tests fail as it is: ${why}`);
  let killed = 0;
  for (const [i, mutant] of drawn.entries()) {
    if (await noticed(mutant)) killed += 1;
    else
      console.log(
        `${relative('.', mutant.path)}:${mutant.line}: ${mutant.from.slice(0, 80)} -> ${mutant.to || 'nothing'}`,
      );
    if ((i + 1) % 25 === 0) console.error(`${i + 1}/${drawn.length}`);
  }
  console.log(
    `${killed} of ${drawn.length} mutants noticed (${((100 * killed) / drawn.length).toFixed(0)} %), of ${all.length}`,
  );
} finally {
  await vitest.close();
}
process.exit(0);
