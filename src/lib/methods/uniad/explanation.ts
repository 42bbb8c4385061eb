// Longer words about UniAD, for the help.
import type { Explanation } from '../about';

export default {
  uniad: {
    text: 'A transformer rebuilds the features, but no place may attend to its own neighbourhood, and every decoder layer asks with learned queries: simply copying the input is thus prevented. Jittered features make it remove noise.',
    formula: 'score(p) = ‖φ(p) − φ̂(p)‖',
    source: 'UniAD, You et al., NeurIPS 2022',
  },
} satisfies Record<string, Explanation>;
