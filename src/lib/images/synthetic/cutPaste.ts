// CutPaste (Li, Sohn, Yoon, Pfister: "CutPaste: Self-Supervised Learning for Anomaly Detection and Localization", CVPR
// 2021): a piece of the image, slightly recoloured, is pasted elsewhere in the same image. Half of the time the piece
// is a rectangle, half of the time a thin, turned "scar", as in the paper's three-way task.
import type { RgbImage } from '../image';
import { blankPaste, toByte, type Draws, type PastedImage } from './drawing';

/** The paper's ranges, of its patch and of its scar. */
const PATCH = {
  /** Share of the image's area. */
  area: [0.02, 0.15],
  /** Height over width, or width over height. */
  aspect: [0.3, 1],
} as const;
const SCAR = {
  /** Pixels in an image of 256; other sizes scale them. */
  width: [2, 16],
  length: [10, 25],
  reference: 256,
  /** Degrees. */
  angle: [-45, 45],
} as const;
/** Largest change of brightness, contrast, saturation (as a share) and hue (of a whole turn). */
const JITTER = 0.1;
const LUMA = [0.299, 0.587, 0.114] as const;

/** A rectangle of pixels, turned about its centre when pasted. */
interface Piece {
  width: number;
  height: number;
  /** Radians. */
  angle: number;
}

/**
 * One piece cut out of the image and pasted over it.
 * @param image at least 8 x 8 pixels
 */
export function cutPaste(image: RgbImage, draws: Draws): PastedImage {
  const piece = draws.coin() ? drawPatch(image, draws) : drawScar(image, draws);
  const from = placeFor(image, piece, draws);
  const to = placeFor(image, piece, draws);
  const recolour = drawRecolouring(meanLuma(image, piece, from), draws);
  const pasted = blankPaste(image);
  forPixelsOf(image, piece, to, (at, x, y) => {
    const source = nearestPixel(image, from.x + x, from.y + y);
    const colour = recolour(image.data[source]!, image.data[source + 1]!, image.data[source + 2]!);
    pasted.image.data.set(colour, 3 * at);
    pasted.mask.data[at] = 1;
  });
  return pasted;
}

function drawPatch({ width, height }: RgbImage, draws: Draws): Piece {
  const area = draws.between(...PATCH.area) * width * height;
  const aspect = draws.between(...PATCH.aspect);
  const tall = draws.coin() ? aspect : 1 / aspect;
  return {
    width: clamp(Math.round(Math.sqrt(area / tall)), 1, width - 1),
    height: clamp(Math.round(Math.sqrt(area * tall)), 1, height - 1),
    angle: 0,
  };
}

function drawScar({ width, height }: RgbImage, draws: Draws): Piece {
  const scale = Math.min(width, height) / SCAR.reference;
  const side = ([low, high]: readonly [number, number]) =>
    clamp(Math.round(scale * draws.between(low, high)), 1, Math.min(width, height) - 1);
  const piece = { width: side(SCAR.width), height: side(SCAR.length) };
  return { ...piece, angle: (draws.between(...SCAR.angle) * Math.PI) / 180 };
}

/** A centre, in pixels, around which the piece fits unturned. */
function placeFor(image: RgbImage, { width, height }: Piece, draws: Draws): { x: number; y: number } {
  return {
    x: draws.int(0, image.width - width) + (width - 1) / 2,
    y: draws.int(0, image.height - height) + (height - 1) / 2,
  };
}

/** Every pixel `at` of the turned piece around a centre, with its place (x, y) in the unturned piece from its centre. */
function forPixelsOf(
  image: RgbImage,
  { width, height, angle }: Piece,
  centre: { x: number; y: number },
  draw: (at: number, x: number, y: number) => void,
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.hypot(width, height) / 2;
  const rows = range(centre.y, reach, image.height);
  const columns = range(centre.x, reach, image.width);
  for (const row of rows) {
    for (const column of columns) {
      const [dx, dy] = [column - centre.x, row - centre.y];
      const [x, y] = [cos * dx + sin * dy, cos * dy - sin * dx];
      if (Math.abs(x) <= width / 2 && Math.abs(y) <= height / 2) draw(row * image.width + column, x, y);
    }
  }
}

/** Whole numbers within `reach` of the centre and inside [0, size). */
function range(centre: number, reach: number, size: number): number[] {
  const first = Math.max(0, Math.ceil(centre - reach));
  const last = Math.min(size - 1, Math.floor(centre + reach));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

function nearestPixel({ width, height }: RgbImage, x: number, y: number): number {
  return 3 * (clamp(Math.round(y), 0, height - 1) * width + clamp(Math.round(x), 0, width - 1));
}

const luma = (r: number, g: number, b: number): number => LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;

function meanLuma(image: RgbImage, piece: Piece, from: { x: number; y: number }): number {
  let [sum, count] = [0, 0];
  forPixelsOf(image, { ...piece, angle: 0 }, from, (at) => {
    sum += luma(image.data[3 * at]!, image.data[3 * at + 1]!, image.data[3 * at + 2]!);
    count++;
  });
  return sum / Math.max(1, count);
}

/**
 * The paper's colour jitter: brightness, contrast about the piece's mean, saturation about each pixel's grey, and hue as
 * a turn about the grey axis.
 */
function drawRecolouring(middle: number, draws: Draws): (r: number, g: number, b: number) => number[] {
  const factor = () => draws.between(1 - JITTER, 1 + JITTER);
  const [brightness, contrast, saturation] = [factor(), factor(), factor()];
  const turn = hueTurn(2 * Math.PI * draws.between(-JITTER, JITTER));
  return (r, g, b) => {
    const lit = [r, g, b].map((value) => brightness * (middle + contrast * (value - middle)));
    const grey = luma(...(lit as [number, number, number]));
    const [x, y, z] = lit.map((value) => grey + saturation * (value - grey)) as [number, number, number];
    return turn.map(([a, b2, c]) => toByte(a * x + b2 * y + c * z));
  };
}

/** The rotation about (1, 1, 1) by an angle (Rodrigues' formula). */
function hueTurn(angle: number): [number, number, number][] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle) / Math.sqrt(3)];
  const even = (1 - cos) / 3;
  const [same, next, last] = [cos + even, even - sin, even + sin];
  return [
    [same, next, last],
    [last, same, next],
    [next, last, same],
  ];
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
