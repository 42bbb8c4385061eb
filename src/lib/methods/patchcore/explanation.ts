// Longer words about PatchCore, for the help.
import type { Explanation } from '../about';

export default {
  patchcore: {
    text: 'It remembers a well-spread choice (coreset) of the training patches’ features and looks up the nearest for every patch of an image. The image score is weighted by how sparse the neighbourhood of that nearest patch is.',
    formula: 'score(p) = min over m in the coreset of ‖φ(p) − m‖',
    source: 'PatchCore, Roth et al., CVPR 2022',
  },
} satisfies Record<string, Explanation>;
