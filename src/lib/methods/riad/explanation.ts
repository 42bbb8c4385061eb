// Longer words about RIAD, for the help.
import type { Explanation } from '../about';

export default {
  riad: {
    text: 'A small network learns to paint in removed squares of normal images, so it paints normal content over a defect too. It looks at pixels, needs no backbone, and compares gradients of image and painting at several scales.',
    formula: 'score(p) = 1 − GMS(I, Î)(p), averaged over scales and square sizes',
    source: 'RIAD, Zavrtanik et al., Pattern Recognition 2021',
  },
} satisfies Record<string, Explanation>;
