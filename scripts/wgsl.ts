// Turns every shader of shaders/ into a module: linked WGSL together with what the code that runs it must know of it
// (buffers, uniforms, constants), read from the shader. Shaders are read here, at build time; nothing of this reaches
// a bundle.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import type * as Package from 'wgsl_reflect';
import type { ShaderSource } from '../src/lib/gpu/shader.ts';
import { constantsIn } from '../src/lib/gpu/specialise.ts';
import { linkWgsl, withoutComments } from './linkWgsl.ts';

const FOLDER = join(import.meta.dirname, '..', 'shaders');

/** The plugin of every build that imports `*.wgsl`: page, worker, command line, tests. */
export function wgsl(): Plugin {
  return {
    name: 'wgsl',
    async transform(code, id) {
      if (!id.endsWith('.wgsl')) return null;
      const file = relative(FOLDER, id).split(sep).join('/');
      const linked = linkWgsl(file, code, (piece) => {
        const path = join(FOLDER, piece);
        this.addWatchFile(path);
        return existsSync(path) ? readFileSync(path, 'utf8') : null;
      });
      const source = await describeShader(basename(file, '.wgsl'), linked);
      return { code: `export default ${JSON.stringify(source)};`, map: null };
    },
  };
}

/**
 * What a shader says of itself.
 * @param code linked WGSL
 * @throws Error when it is no WGSL, or its bindings do not count up in group 0: inputs, outputs, uniform struct
 */
export async function describeShader(name: string, code: string): Promise<ShaderSource> {
  const shader = await reflect(name, code);
  const buffers = [...shader.storage].sort((a, b) => a.binding - b.binding);
  const bindings = [...buffers, ...shader.uniforms];
  const written = buffers.map(({ access }) => access !== 'read');
  const inOrder =
    bindings.every(({ group, binding }, place) => group === 0 && binding === place) &&
    !written.includes(false, written.indexOf(true) + 1 || written.length) &&
    shader.uniforms.length <= 1;
  if (!inOrder) {
    throw new Error(`Shader ${name}: bindings count up in group 0: inputs, outputs, one uniform struct.`);
  }
  const [uniform] = shader.uniforms;
  const bare = withoutComments(code);
  const constants = constantsIn(bare);
  const named = (outputs: boolean) =>
    buffers.filter((_, i) => written[i] === outputs).map(({ name }) => name);
  return {
    name,
    code,
    inputs: named(false),
    outputs: named(true),
    uniforms: (uniform?.members ?? []).map(({ name, type, offset }) => ({ name, type: type.name, offset })),
    uniformBytes: uniform?.size ?? 0,
    constants,
    overrides: [...bare.matchAll(OVERRIDE)].map(([, name, given]) => ({ name: name!, required: !given })),
    workgroupSize: workgroupSize(bare, constants),
  };
}

const OVERRIDE = /^override\s+(\w+)[^=;]*(=)?/gm;
/** Null where an `override` decides, or where nothing is computed. */
function workgroupSize(bare: string, constants: Record<string, number>): ShaderSource['workgroupSize'] {
  const [, text] = /@workgroup_size\(([^)]*)\)/.exec(bare) ?? [];
  const sizes = text?.split(',').map((size) => constants[size.trim()] ?? Number.parseInt(size));
  if (!sizes || sizes.some(Number.isNaN)) return null;
  return [sizes[0]!, sizes[1] ?? 1, sizes[2] ?? 1];
}

async function reflect(name: string, code: string): Promise<Package.WgslReflect> {
  // The package's entry for Node is a script under the name of a module; its entry for bundlers is sound.
  const path = 'wgsl_reflect/wgsl_reflect.module.js';
  const { WgslReflect } = (await import(/* @vite-ignore */ path)) as typeof Package;
  try {
    return new WgslReflect(code);
  } catch (cause) {
    throw new Error(`Shader ${name} is no WGSL: ${(cause as Error).message}`, { cause });
  }
}
