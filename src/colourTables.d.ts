// Tables of the colour maps in base 64, made at build time (scripts/colourTables.ts).
declare module 'virtual:colour-tables' {
  const tables: Record<'viridis' | 'inferno' | 'cividis' | 'diverging', string>;
  export default tables;
}
