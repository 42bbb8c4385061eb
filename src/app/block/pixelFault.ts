// A fault drawn into the picture itself: a scratch, dust or a stain, where the block lies and as large as it. Pure
// arithmetic on RGBA bytes; the same seed gives the same fault.

export const FAULTS = ['scratch', 'dust', 'stain'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  kind: FaultKind;
  /** Its middle, as shares of the picture's width and height. */
  x: number;
  y: number;
  /** Half its extent, as a share of the picture's longer side. */
  reach: number;
  /** 0 to 1: how far it covers what lies below it. */
  strength: number;
  seed: number;
}

/** Draws on `pixels`, width * height * 4 bytes, in place. Nothing outside the picture is touched. */
export function drawFault(pixels: Uint8ClampedArray, width: number, height: number, fault: Fault): void {
  const random = seeded(fault.seed);
  const longest = Math.max(width, height);
  const [cx, cy] = [fault.x * width, fault.y * height];
  const reach = Math.max(1, fault.reach * longest);
  const dot = (x: number, y: number, radius: number, value: number, soft: boolean) =>
    blend(pixels, width, height, { x, y, radius, value, soft, strength: fault.strength });
  if (fault.kind === 'stain') return dot(cx, cy, reach, 45, true);
  if (fault.kind === 'dust') {
    for (let i = 0; i < GRAINS; i++) {
      const [angle, far] = [2 * Math.PI * random(), reach * Math.sqrt(random())];
      dot(
        cx + far * Math.cos(angle),
        cy + far * Math.sin(angle),
        Math.max(0.7, longest * 0.004 * (1 + random())),
        225,
        false,
      );
    }
    return;
  }
  // A bent line, bright as bare metal, with its dark edge below.
  const angle = Math.PI * random();
  const bend = (random() - 0.5) * reach;
  const radius = Math.max(0.7, longest * 0.0035);
  const steps = Math.ceil((2 * reach) / radius);
  for (const [shift, value] of [
    [radius, 40],
    [0, 235],
  ] as const) {
    for (let i = 0; i <= steps; i++) {
      const along = (2 * i) / steps - 1;
      const across = bend * (1 - along * along);
      dot(
        cx + reach * along * Math.cos(angle) - across * Math.sin(angle) + shift,
        cy + reach * along * Math.sin(angle) + across * Math.cos(angle) + shift,
        radius,
        value,
        false,
      );
    }
  }
}

const GRAINS = 14;

interface Dot {
  x: number;
  y: number;
  radius: number;
  /** Grey that it is drawn in, 0 to 255. */
  value: number;
  /** Fading towards its edge, else the same everywhere. */
  soft: boolean;
  strength: number;
}

function blend(pixels: Uint8ClampedArray, width: number, height: number, dot: Dot): void {
  const { x, y, radius, value, soft, strength } = dot;
  for (
    let row = Math.max(0, Math.floor(y - radius));
    row <= Math.min(height - 1, Math.ceil(y + radius));
    row++
  ) {
    for (
      let column = Math.max(0, Math.floor(x - radius));
      column <= Math.min(width - 1, Math.ceil(x + radius));
      column++
    ) {
      const far = Math.hypot(column + 0.5 - x, row + 0.5 - y) / radius;
      if (far > 1) continue;
      const share = strength * (soft ? 1 - far * far : 1);
      const at = 4 * (row * width + column);
      for (let channel = 0; channel < 3; channel++)
        pixels[at + channel] = pixels[at + channel]! * (1 - share) + value * share;
    }
  }
}

/** Mulberry32: short, and good enough for where grains lie. */
function seeded(seed: number): () => number {
  let state = (seed + 0x9e3779b9) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
