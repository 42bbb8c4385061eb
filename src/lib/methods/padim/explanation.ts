// Longer words about PaDiM, for the help.
import type { Explanation } from '../about';

export default {
  padim: {
    text: 'Every place of the feature map gets a Gaussian of its own, estimated over the training images on some randomly chosen channels. A place is anomalous by its Mahalanobis distance; objects must lie alike in all images.',
    formula: 'score(p) = √((φ(p) − μₚ)ᵀ Σₚ⁻¹ (φ(p) − μₚ))',
    source: 'PaDiM, Defard et al., ICPR Workshops 2020',
  },
} satisfies Record<string, Explanation>;
