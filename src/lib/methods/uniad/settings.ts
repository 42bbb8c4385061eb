// UniAD's settings (You et al., "A Unified Model for Multi-class Anomaly Detection", NeurIPS 2022, section 4 and
// supplement), and what they become for features of another size. No tensors here.
import type { InputShape } from '../detector';

/** The paper's numbers. Its features are EfficientNet-B4's, 272 channels, resized to 14 x 14 at 224 px: stride 16. */
export const UNIAD = {
  width: 256,
  heads: 8,
  /** Of the encoder, and as many of the decoder. */
  layers: 4,
  /** Inner width of the feed-forward part, as a multiple of `width`: 1,024. */
  feedForward: 4,
  /** Rows and columns of the neighbourhood that a token does not see, on a 14 x 14 grid. */
  neighbourhood: 7,
  dropout: 0.1,
  /** Alpha: strength of the feature jitter, which every batch gets (probability 1). */
  jitter: 20,
  learningRate: 1e-4,
  weightDecay: 1e-4,
  clipNorm: 0.1,
  /** A tenth of the learning rate after 800; on eight GPUs with 8 images each. */
  epochs: 1000,
} as const;

/** phi lies at stride 8; from this side on it is pooled to the paper's stride 16. */
const SMALLEST_POOLED_SIDE = 16;
/** Most tokens per side: 256 px at stride 16, about the paper's 14. */
const MOST_TOKENS = 16;
/** Widths are multiples of it: eight heads of four channels each. */
const WIDTH_STEP = 32;

/** Everything that fixes the shapes of the network's parameters. */
export interface UniadConfig {
  /** Shape of the features before they are pooled. */
  height: number;
  width: number;
  channels: number;
  /** Width of the tokens, a multiple of 32. */
  hidden: number;
  /** Of encoder and decoder each. */
  layers: number;
}

/**
 * The paper's network for features of this shape. Tokens are never wider than the features (rounded down to a multiple
 * of 32): a bottleneck is part of the method, and the paper's 256 stand beside 272 channels.
 */
export function uniadConfig({ height, width, channels }: InputShape): UniadConfig {
  const widest = Math.max(WIDTH_STEP, Math.floor(channels / WIDTH_STEP) * WIDTH_STEP);
  return { height, width, channels, hidden: Math.min(UNIAD.width, widest), layers: UNIAD.layers };
}

/** How many cells of phi, per side, one token covers: 1 below 16 x 16, 2 up to 32 x 32, and so on. */
export function poolingFactor(height: number, width: number): number {
  const side = Math.max(height, width);
  if (side < SMALLEST_POOLED_SIDE) return 1;
  return Math.max(2, Math.ceil(side / MOST_TOKENS));
}

/** Rows and columns of tokens. */
export function tokenGrid({ height, width }: Pick<UniadConfig, 'height' | 'width'>): [number, number] {
  const factor = poolingFactor(height, width);
  return [Math.ceil(height / factor), Math.ceil(width / factor)];
}

/**
 * The neighbourhood that is hidden from each token: the paper's 7 x 7 where the grid has 14 or more per side, else the
 * largest odd number up to half the side, so that a token always sees others. Null for a single token, which sees itself.
 */
export function hiddenNeighbourhood([height, width]: readonly [number, number]): [number, number] | null {
  if (height * width === 1) return null;
  const across = (side: number) => {
    const half = Math.floor(side / 2);
    return Math.max(1, Math.min(UNIAD.neighbourhood, half - (1 - (half % 2))));
  };
  return [across(height), across(width)];
}
