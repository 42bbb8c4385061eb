// Changes that turn one image into a texture unlike another one: DRAEM draws three of a set for its anomalies. Pure
// functions from picture to picture.
import type { RgbImage } from '../image';
import { toByte, type Draws } from './drawing';

type Change = (image: RgbImage, draws: Draws) => RgbImage;

/** How many changes an image gets, as in DRAEM. */
const CHANGES = 3;

const CHANGES_TO_DRAW: readonly Change[] = [
  posterise,
  solarise,
  invert,
  brighten,
  adjustGamma,
  stretchContrast,
  exchangeChannels,
];

/** Turned or mirrored at random, then three different changes of its colours in random order. */
export function augment(image: RgbImage, draws: Draws): RgbImage {
  const chosen = draws.permutation(CHANGES_TO_DRAW.length).slice(0, CHANGES);
  return chosen.reduce((changed, i) => CHANGES_TO_DRAW[i]!(changed, draws), turn(image, draws));
}

/** A random one of the eight symmetries of a square, on a picture of any shape (sampled where it is not square). */
function turn({ width, height, data }: RgbImage, draws: Draws): RgbImage {
  const [transposed, flippedX, flippedY] = [draws.coin(), draws.coin(), draws.coin()];
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = transposed ? Math.floor((y * width) / height) : x;
      const row = transposed ? Math.floor((x * height) / width) : y;
      const from = (flippedY ? height - 1 - row : row) * width + (flippedX ? width - 1 - column : column);
      for (let c = 0; c < 3; c++) turned[3 * (y * width + x) + c] = data[3 * from + c]!;
    }
  }
  return { width, height, data: turned };
}

const mapBytes = ({ width, height, data }: RgbImage, f: (value: number) => number): RgbImage => ({
  width,
  height,
  data: data.map((value) => toByte(f(value))),
});

/** One to five bits a channel. */
function posterise(image: RgbImage, draws: Draws): RgbImage {
  const step = 2 ** draws.int(3, 7);
  return mapBytes(image, (value) => Math.floor(value / step) * step);
}

/** Inverts what is brighter than a threshold in 32..128. */
function solarise(image: RgbImage, draws: Draws): RgbImage {
  const threshold = draws.int(32, 128);
  return mapBytes(image, (value) => (value >= threshold ? 255 - value : value));
}

function invert(image: RgbImage): RgbImage {
  return mapBytes(image, (value) => 255 - value);
}

function brighten(image: RgbImage, draws: Draws): RgbImage {
  const [factor, offset] = [draws.between(0.8, 1.2), draws.between(-30, 30)];
  return mapBytes(image, (value) => factor * value + offset);
}

function adjustGamma(image: RgbImage, draws: Draws): RgbImage {
  const gamma = draws.between(0.5, 2);
  return mapBytes(image, (value) => 255 * (value / 255) ** gamma);
}

/** The darkest value becomes 0, the brightest 255. */
function stretchContrast(image: RgbImage): RgbImage {
  let [low, high] = [255, 0];
  for (const value of image.data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high > low ? mapBytes(image, (value) => (255 * (value - low)) / (high - low)) : image;
}

/** Another hue at the same detail: the channels change places. */
function exchangeChannels({ width, height, data }: RgbImage, draws: Draws): RgbImage {
  const order = draws.permutation(3);
  return { width, height, data: data.map((_, i) => data[i - (i % 3) + order[i % 3]!]!) };
}
