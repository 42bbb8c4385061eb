// A .wgsl file imports as linked source text with what it says of itself (scripts/wgsl.ts).
declare module '*.wgsl' {
  // oxlint-disable-next-line typescript/consistent-type-imports -- an import above would make this file a module
  const source: import('./lib/gpu/shader').ShaderSource;
  export default source;
}
