// What WGSL text says of its bindings and of its uniform struct, as far as counting needs it.

export interface Shader {
  /** By "group:binding". */
  bindings: ReadonlyMap<string, { name: string; kind: 'read' | 'written' | 'uniform' }>;
  /** Members of the uniform struct. */
  uniforms: readonly Member[];
}

interface Member {
  name: string;
  scalar: 'f32' | 'i32' | 'u32' | 'f16';
  count: number;
  /** In bytes. */
  offset: number;
}

/** Reads a shader's declarations; comments and what it computes are passed over. */
export function readShader(code: string): Shader {
  const text = code.replace(/\/\/[^\n]*/g, '');
  const bindings = new Map<string, { name: string; kind: 'read' | 'written' | 'uniform' }>();
  let uniforms: Member[] = [];
  for (const [, group, binding, space, name, type] of text.matchAll(BINDING)) {
    const kind = space!.startsWith('uniform')
      ? 'uniform'
      : /read_write|,\s*write/.test(space!)
        ? 'written'
        : 'read';
    bindings.set(`${group}:${binding}`, { name: name!, kind });
    if (kind === 'uniform') uniforms = membersOf(text, type!.trim());
  }
  return { bindings, uniforms };
}

const BINDING =
  /@group\(\s*(\d+)\s*\)\s*@binding\(\s*(\d+)\s*\)\s*var\s*<([^>]*)>\s*(\w+)\s*:\s*([^;]+?)\s*;/g;

/** Values of the uniform struct in `content` from `start` on. */
export function uniformValues(
  { uniforms }: Shader,
  content: Uint8Array,
  start = 0,
): Record<string, number[]> {
  const view = new DataView(content.buffer, content.byteOffset + start);
  const read = { f32: 'getFloat32', i32: 'getInt32', u32: 'getUint32' } as const;
  return Object.fromEntries(
    uniforms.map(({ name, scalar, count, offset }) => [
      name,
      Array.from({ length: count }, (_, i) =>
        scalar === 'f16' ? NaN : view[read[scalar]](offset + 4 * i, true),
      ),
    ]),
  );
}

/** The struct's members where WGSL's layout rules put them. */
function membersOf(text: string, type: string): Member[] {
  const body = new RegExp(`struct\\s+${type}\\s*\\{([^}]*)\\}`).exec(text)?.[1] ?? '';
  const members: Member[] = [];
  let end = 0;
  for (const [, aligned, name, of] of body.matchAll(
    /(?:@align\((\d+)\)\s*)?(\w+)\s*:\s*([\w<>]+)\s*(?:,|;|$)/g,
  )) {
    const { scalar, count, align } = typeOf(of!);
    const alignment = aligned ? Number(aligned) : align;
    const offset = Math.ceil(end / alignment) * alignment;
    members.push({ name: name!, scalar, count, offset });
    end = offset + 4 * count;
  }
  return members;
}

/** Scalars and vectors; tfjs's own vec5 and vec6 are structs of integers. */
function typeOf(type: string): Pick<Member, 'scalar' | 'count'> & { align: number } {
  const count = Number(/^vec(\d)/.exec(type)?.[1] ?? 1);
  const name = /<\s*(\w+)\s*>/.exec(type)?.[1] ?? { f: 'f32', i: 'i32', u: 'u32', h: 'f16' }[type.at(-1)!];
  const scalar = (count === 1 ? type : count > 4 ? 'i32' : (name ?? 'f32')) as Member['scalar'];
  return { scalar, count, align: count === 1 || count > 4 ? 4 : count === 2 ? 8 : 16 };
}
