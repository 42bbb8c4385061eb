// A .wgsl file imports as linked source text with what it says of itself (scripts/wgsl.ts).
declare module '*.wgsl' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports -- an import above would make this file a module
  const source: import('./lib/gpu/shader').ShaderSource;
  export default source;
}
