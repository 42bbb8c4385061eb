// Longer words about SimpleNet, for the help.
import type { Explanation } from '../about';

export default {
  simplenet: {
    text: 'A linear adaptor moves the features to the data at hand, and a small network learns to tell them from the same features with Gaussian noise. No defect is needed: the noise stands in for it.',
    formula: 'L = max(0, th − D(q)) + max(0, th + D(q + ε)),   score(p) = −D(q(p))',
    source: 'SimpleNet, Liu et al., CVPR 2023',
  },
} satisfies Record<string, Explanation>;
