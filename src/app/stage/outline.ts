// The border of a set of cells as an SVG path, in cell units: what is drawn around the pasted block.

/** One closed border per run of edges is not needed: each edge between a cell inside and one outside is a stroke. */
export function outlinePath(mask: Uint8Array, width: number, height: number): string {
  const inside = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height && mask[y * width + x] === 1;
  const strokes: string[] = [];
  for (let y = 0; y <= height; y++) {
    runs(width, (x) => inside(x, y) !== inside(x, y - 1)).forEach(([from, to]) =>
      strokes.push(`M${from} ${y}H${to}`),
    );
  }
  for (let x = 0; x <= width; x++) {
    runs(height, (y) => inside(x, y) !== inside(x - 1, y)).forEach(([from, to]) =>
      strokes.push(`M${x} ${from}V${to}`),
    );
  }
  return strokes.join('');
}

/** The cells themselves, for catching the pointer. */
export function cellsPath(mask: Uint8Array, width: number): string {
  const squares: string[] = [];
  mask.forEach((cell, i) => {
    if (cell) squares.push(`M${i % width} ${Math.floor(i / width)}h1v1h-1z`);
  });
  return squares.join('');
}

/** Longest stretches of 0..count-1 where `holds`, as [start, end). */
function runs(count: number, holds: (index: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    if (!holds(i)) continue;
    const last = found.at(-1);
    if (last && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}
