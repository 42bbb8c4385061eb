// Longer words about DFR, for the help.
import type { Explanation } from '../about';

export default {
  dfr: {
    text: 'An auto-encoder of 1 × 1 convolutions learns to compress and rebuild the features of normal images; its width follows from a principal component analysis. What it rebuilds badly is anomalous.',
    formula: 'score(p) = ‖φ(p) − AE(φ(p))‖²',
    source: 'DFR, Yang, Shi and Qi, 2020',
  },
} satisfies Record<string, Explanation>;
