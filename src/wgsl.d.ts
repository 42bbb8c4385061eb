// A .wgsl file imports as its source text (plugin `wgsl` in vite.config.ts).
declare module '*.wgsl' {
  const source: string;
  export default source;
}
