// The page's texts, read out of its source: what goes through t, msg and rich, the tables and lessons it shows, and the errors
// that reach it. `npm run texts` brings every catalogue of src/app/languages up to date: what is new stands empty, to be translated.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseSync } from 'vite';

const ROOT = process.cwd();
const CATALOGUES = join(ROOT, 'src/app/languages');

/** Tables that the page shows: of these files the named properties are texts. */
const TABLES: readonly { files: RegExp; properties: readonly string[] }[] = [
  { files: /^src\/settings\/table\.ts$/, properties: ['label', 'help', 'unit', 'term'] },
  {
    files: /^src\/lib\/methods\/(\w+\/)?(about|options)\.ts$/,
    properties: ['label', 'help', 'unit', 'term', 'name', 'line', 'mapUnit'],
  },
  { files: /^src\/lib\/methods\/\w+\/\w+\.ts$/, properties: ['phase'] },
  {
    files: /^src\/(lib\/methods\/explanations|app\/help\/texts)\.ts$/,
    properties: ['text', 'formula', 'source'],
  },
  { files: /^src\/app\/story\/formulas\.ts$/, properties: ['name', 'formula', 'about'] },
  { files: /^src\/app\/story\/ready\.ts$/, properties: ['title'] },
  {
    files: /^src\/report\/curveKinds\.ts$/,
    properties: ['label', 'x', 'y', 'FALSE_IMAGES', 'FALSE_PIXELS', 'RECALL'],
  },
];

/** Where errors come from that may reach the page. */
const ERRORS = /^src\/(lib|engine|settings|session|report|app)\//;

/** What begins a line of words in the lessons that come with the page. */
const WORDS = /^(step|say|ask|yes|no|because|task|hint) (.+)$/gm;

export interface Place {
  file: string;
  line: number;
}

export interface Found {
  /** Texts, each with where it stands. */
  texts: Map<string, Place>;
  /** Values given beside a text, where they are written out: their names. */
  values: { text: string; names: readonly string[]; place: Place }[];
  /** Letters in the page's elements that pass through nothing. */
  bare: { text: string; place: Place }[];
}

/** Nodes of the syntax tree, whose other properties are told apart by their type. */
type Node = { type: string; start: number; end: number; [key: string]: unknown };

/** Everything in `src` that the page says. */
export function readTexts(): Found {
  const found: Found = { texts: new Map(), values: [], bare: [] };
  for (const file of sources('src')) readFile(file, readFileSync(join(ROOT, file), 'utf8'), found);
  for (const text of bundledSets()) found.texts.set(text, { file: 'public/demo/index.json', line: 1 });
  return found;
}

/** Titles and sentences of the bundled sets, and the kinds of their defects. */
function bundledSets(): string[] {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, 'public/demo', path), 'utf8'));
  return (read('index.json') as { sets: { id: string; title: string }[] }).sets.flatMap(({ id, title }) => {
    const set = read(`${id}/index.json`) as { sentence: string; images: { type: string }[] };
    const types = new Set(set.images.map(({ type }) => type.replaceAll('_', ' ')));
    return [title, set.sentence, ...types];
  });
}

export const catalogues = (): Record<string, Record<string, string>> =>
  Object.fromEntries(
    readdirSync(CATALOGUES)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(CATALOGUES, name), 'utf8'))]),
  );

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.|\.d\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/\/(testing|fixtures)\//.test(file));
}

export function readFile(file: string, source: string, found: Found): void {
  const app = file.startsWith('src/app/');
  const properties = TABLES.filter(({ files }) => files.test(file)).flatMap((table) => table.properties);
  if (!app && properties.length === 0 && !(ERRORS.test(file) && /super\(|problems\.push/.test(source)))
    return;
  const place = (node: Node): Place => ({ file, line: source.slice(0, node.start).split('\n').length });
  const add = (text: string, node: Node) => {
    if (/\p{L}/u.test(text) && !found.texts.has(text)) found.texts.set(text, place(node));
  };
  walk(parseSync(file, source).program as unknown as Node, (node, parents) => {
    if (app && node.type === 'CallExpression') readCall(node, add, place, found);
    if (app && file.endsWith('.tsx')) readBare(node, parents, place, found);
    if (ERRORS.test(file) && node.type === 'CallExpression' && isReport(node.callee as Node)) {
      for (const argument of (node.arguments as Node[]).slice(0, 2)) {
        for (const text of templates(argument)) add(text, argument);
      }
    }
    if (node.type === 'Property' && properties.includes(nameOf(node.key as Node))) {
      for (const text of templates(node.value as Node)) add(text, node);
    }
    if (node.type === 'VariableDeclarator' && properties.includes(nameOf(node.id as Node))) {
      for (const text of templates(node.init as Node | null)) add(text, node);
    }
    if (file === 'src/app/story/ready.ts' && node.type === 'TemplateLiteral') {
      for (const [, , words] of wholeText(node).matchAll(WORDS)) add(words!, node);
    }
  });
}

/** `super(message, remedy)` of an error; `problems.push(sentence)` of a link. */
const isReport = (callee: Node): boolean =>
  callee.type === 'Super' ||
  (callee.type === 'MemberExpression' &&
    nameOf(callee.object as Node) === 'problems' &&
    nameOf(callee.property as Node) === 'push');

/** t('…', { n }), msg('…'), rich('…', { b: … }). */
function readCall(
  node: Node,
  add: (text: string, node: Node) => void,
  place: (node: Node) => Place,
  found: Found,
) {
  if (!['t', 'msg', 'rich'].includes(nameOf(node.callee as Node))) return;
  const [text, values] = node.arguments as Node[];
  for (const one of literals(text!)) {
    add(one, node);
    if (nameOf(node.callee as Node) === 'msg') continue;
    const written = values?.type === 'ObjectExpression' ? (values.properties as Node[]) : [];
    if (written.every(({ type }) => type === 'Property')) {
      found.values.push({
        text: one,
        names: written.map(({ key }) => nameOf(key as Node)),
        place: place(node),
      });
    }
  }
}

/** Attributes that are read or heard. */
const SPOKEN = [
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'aria-roledescription',
  'title',
  'placeholder',
  'alt',
  'label',
];

function readBare(node: Node, parents: readonly Node[], place: (node: Node) => Place, found: Found) {
  const bare = (text: string) => {
    if (/\p{L}{2}/u.test(text)) found.bare.push({ text, place: place(node) });
  };
  if (node.type === 'JSXText') bare((node.value as string).replace(/\s+/g, ' ').trim());
  const parent = parents.at(-1);
  if (node.type === 'JSXExpressionContainer' && parent?.type !== 'JSXAttribute') {
    for (const text of templates(node.expression as Node)) bare(text);
  }
  if (node.type === 'JSXAttribute' && SPOKEN.includes((node.name as Node).name as string) && node.value) {
    const value = node.value as Node;
    for (const text of templates(
      value.type === 'JSXExpressionContainer' ? (value.expression as Node) : value,
    ))
      bare(text);
  }
}

/** The strings an expression may be, where they are written out. */
const literals = (node: Node): string[] => templates(node).filter((text) => !/\{0\}/.test(text));

/** As `literals`, and templates with {0}, {1}, ... in place of their expressions. */
function templates(node: Node | null): string[] {
  if (!node) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return [wholeText(node)];
    case 'ConditionalExpression':
      return [...templates(node.consequent as Node), ...templates(node.alternate as Node)];
    case 'LogicalExpression':
      return [
        ...(node.operator === '&&' ? [] : templates(node.left as Node)),
        ...templates(node.right as Node),
      ];
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return templates(node.expression as Node);
    case 'BinaryExpression': {
      const [left, right] = [templates(node.left as Node), templates(node.right as Node)];
      return node.operator === '+' && left.length === 1 && right.length === 1 ? [left[0]! + right[0]!] : [];
    }
    default:
      return [];
  }
}

function wholeText(node: Node): string {
  const pieces = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  return pieces.map((piece, at) => (at === 0 ? piece : `{${at - 1}}${piece}`)).join('');
}

const nameOf = (node: Node): string => String(node.name ?? node.value ?? '');

function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void, parents: Node[] = []): void {
  visit(node, parents);
  parents.push(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof (child as Node).type === 'string') walk(child as Node, visit, parents);
    }
  }
  parents.pop();
}

/** Brings the catalogues up to date; texts that are gone go, new ones are empty. Returns how many are empty, by language. */
function update(): Record<string, number> {
  const texts = [...readTexts().texts.keys()].sort();
  return Object.fromEntries(
    Object.entries(catalogues()).map(([tag, known]) => {
      const next = Object.fromEntries(texts.map((text) => [text, known[text] ?? '']));
      writeFileSync(join(CATALOGUES, `${tag}.json`), `${JSON.stringify(next, null, 2)}\n`);
      return [tag, Object.values(next).filter((text) => text === '').length];
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  for (const [tag, empty] of Object.entries(update())) console.log(`${tag}: ${empty} to translate`);
}
