// Longer words about GRAD's methods, for the help.
import type { Explanation } from '../about';

export default {
  grad: {
    text: 'A normal grid learns what is usual, an abnormal grid in stage 1 what pasted disturbances look like; together they rebuild the features. What they cannot rebuild is called anomalous. How much the abnormal grid adds is measured under What does the abnormal grid do?',
    formula: 'score(p) = ‖φ(p) − x(p)‖,   x = xₙ + w · xₐ',
    source: 'GRAD, Bi-Grid Reconstruction, ICME 2025',
  },
  'normal-grid': {
    text: 'The normal grid alone rebuilds the features from learned tables that each pixel looks up by its own coordinates. Comparing it with both grids shows what the abnormal one adds.',
    formula: 'score(p) = ‖φ(p) − xₙ(p)‖',
    source: 'CRAD, Continuous Memory Representation, ECCV 2024',
  },
  'abnormal-grid': {
    text: 'The abnormal grid alone, as stage 1 leaves it: trained to answer positively where a block was pasted and negatively elsewhere. Its first channel is the map.',
    formula: 'score(p) = xₐ(p)₀',
    source: 'GRAD, stage 1, ICME 2025',
  },
} satisfies Record<string, Explanation>;
