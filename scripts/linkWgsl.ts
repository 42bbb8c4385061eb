// Links a shader with the pieces it imports, in WESL's syntax: `import package::shared::hash::pcg;`, package:: being the
// folder shaders/, or `import package::shared::hash::{pcg, normal};`. What is imported, and what that needs in turn, is
// appended under the name of its file. Nothing is renamed, so names are unique among all that is linked.

/** A file's text by its path below shaders/, or null when there is no such file. */
export type ReadWgsl = (file: string) => string | null;

interface Source {
  file: string;
  imports: Map<string, { from: Source; line: number }>;
  /** Top-level declarations: with the comment above them, and with the names they mention. */
  declarations: Map<string, { text: string; names: string[] }>;
}

const DECLARATION =
  /^(?:@\w+\s*(?:\([^)]*\)\s*)?)*(?:fn|struct|alias|const|override|var(?:\s*<[^>]*>)?)\s+(\w+)/;
const IMPORT = /^import\s+([^;]*);/gm;
const TARGET = /^package::(\w+(?:::\w+)*)::(?:(\w+)|\{\s*(\w+(?:\s*,\s*\w+)*)\s*,?\s*\})$/;

/**
 * @param file the shader's path below shaders/
 * @returns WGSL that begins with the shader's own lines, so that the compiler's line numbers are the file's
 * @throws Error with file and line for an import that is wrong, unused, circular, or of a name that is taken
 */
export function linkWgsl(file: string, code: string, read: ReadWgsl): string {
  const shader = parse(file, code, { read, path: [], known: new Map() });
  const owners = new Map([...shader.declarations.keys()].map((name) => [name, shader]));
  const need = (name: string, user: Source): void => {
    const { from: owner, line } = user.imports.get(name) ?? { from: user, line: 1 };
    const declaration = owner.declarations.get(name);
    const present = owners.get(name);
    if (!declaration || present === owner) return;
    if (present) throw fault(user, line, `${name} is declared in ${present.file} and in ${owner.file}`);
    owners.set(name, owner);
    declaration.names.forEach((other) => need(other, owner));
  };
  for (const { names } of shader.declarations.values()) names.forEach((name) => need(name, shader));
  const pieces = [...new Set(owners.values())].filter((owner) => owner !== shader);
  const appended = pieces.map((owner) => {
    const used = [...owner.declarations].filter(([name]) => owners.get(name) === owner);
    return [`\n// From shaders/${owner.file}`, ...used.map(([, { text }]) => text)].join('\n\n') + '\n';
  });
  return code.replace(IMPORT, '// $&') + appended.join('');
}

interface Reading {
  read: ReadWgsl;
  /** Files on the way here, from the shader on. */
  path: string[];
  known: Map<string, Source>;
}

function parse(file: string, code: string, { read, path, known }: Reading): Source {
  const bare = withoutComments(code);
  const source: Source = { file, imports: new Map(), declarations: declarationsOf(code, bare) };
  const used = new Set([...source.declarations.values()].flatMap(({ names }) => names));
  for (const { 0: statement, 1: target, index } of bare.matchAll(IMPORT)) {
    const line = code.slice(0, index).split('\n').length;
    const [, folder, one, several] = TARGET.exec(target!.trim()) ?? [];
    if (!folder) throw fault(source, line, `"${statement}" is not of the form import package::path::name;`);
    const piece = `${folder.replaceAll('::', '/')}.wgsl`;
    const way = [...path, file];
    if (way.includes(piece)) throw fault(source, line, `a circle: ${[...way, piece].join(' imports ')}`);
    const text = read(piece);
    if (text === null) throw fault(source, line, `there is no shaders/${piece}`);
    const from = known.get(piece) ?? parse(piece, text, { read, path: way, known });
    for (const name of (one ?? several!).split(/\s*,\s*/)) {
      if (!from.declarations.has(name)) throw fault(source, line, `shaders/${piece} declares no ${name}`);
      if (source.imports.has(name)) throw fault(source, line, `${name} is imported twice`);
      if (source.declarations.has(name)) throw fault(source, line, `${name} is declared here, too`);
      if (!used.has(name)) throw fault(source, line, `${name} is imported and not used`);
      source.imports.set(name, { from, line });
    }
  }
  known.set(file, source);
  return source;
}

const fault = ({ file }: Source, line: number, problem: string): Error =>
  new Error(`shaders/${file}:${line}: ${problem}`);

/** The same text with blanks for comments: every place stays where it is. */
export const withoutComments = (code: string): string =>
  code.replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));

function declarationsOf(code: string, bare: string): Source['declarations'] {
  const declarations: Source['declarations'] = new Map();
  let [start, depth] = [0, 0];
  for (let i = 0; i < bare.length; i++) {
    if ('{('.includes(bare[i]!)) depth++;
    if ('})'.includes(bare[i]!)) depth--;
    if (depth > 0 || !';}'.includes(bare[i]!)) continue;
    const body = bare.slice(start, i + 1);
    const [, name] = DECLARATION.exec(body.trim()) ?? [];
    const before = code.slice(start, start + body.search(/\S/));
    // The comment right above; one with a blank line below it speaks of more than this.
    const [comment] = /(?:\/\/[^\n]*\n)*$/.exec(before)!;
    const text = comment + code.slice(start + before.length, i + 1);
    // What stands behind a dot is a member.
    if (name) declarations.set(name, { text, names: body.match(/(?<![.\w])[A-Za-z_]\w*/g)! });
    start = i + 1;
  }
  return declarations;
}
