// One explanation a method: what it does in two sentences, its formula, its paper. Shown with the choice of method.
import type { MethodName } from '../../settings/methods';
import type { Explanation } from './texts';

export const METHOD_TEXTS: Record<MethodName, Required<Explanation>> = {
  grad: {
    text: 'A normal grid learns what is usual, an abnormal grid what pasted disturbances look like; together they rebuild the features. What they cannot rebuild is called anomalous.',
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
  padim: {
    text: 'Every place of the feature map gets a Gaussian of its own, estimated over the training images on some randomly chosen channels. A place is anomalous by its Mahalanobis distance; objects must lie alike in all images.',
    formula: 'score(p) = √((φ(p) − μₚ)ᵀ Σₚ⁻¹ (φ(p) − μₚ))',
    source: 'PaDiM, Defard et al., ICPR Workshops 2020',
  },
  patchcore: {
    text: 'It remembers a well-spread choice (coreset) of the training patches’ features and looks up the nearest for every patch of an image. The image score is weighted by how sparse the neighbourhood of that nearest patch is.',
    formula: 'score(p) = min over m in the coreset of ‖φ(p) − m‖',
    source: 'PatchCore, Roth et al., CVPR 2022',
  },
  simplenet: {
    text: 'A linear adaptor moves the features to the data at hand, and a small network learns to tell them from the same features with Gaussian noise. No defect is needed: the noise stands in for it.',
    formula: 'L = max(0, th − D(q)) + max(0, th + D(q + ε)),   score(p) = −D(q(p))',
    source: 'SimpleNet, Liu et al., CVPR 2023',
  },
  dfr: {
    text: 'An auto-encoder of 1 × 1 convolutions learns to compress and rebuild the features of normal images; its width follows from a principal component analysis. What it rebuilds badly is anomalous.',
    formula: 'score(p) = ‖φ(p) − AE(φ(p))‖²',
    source: 'DFR, Yang, Shi and Qi, 2020',
  },
  uniad: {
    text: 'A transformer rebuilds the features, but no place may attend to its own neighbourhood, and every decoder layer asks with learned queries: simply copying the input is thus prevented. Jittered features make it remove noise.',
    formula: 'score(p) = ‖φ(p) − φ̂(p)‖',
    source: 'UniAD, You et al., NeurIPS 2022',
  },
  riad: {
    text: 'A small network learns to paint in removed squares of normal images, so it paints normal content over a defect too. It looks at pixels, needs no backbone, and compares gradients of image and painting at several scales.',
    formula: 'score(p) = 1 − GMS(I, Î)(p), averaged over scales and square sizes',
    source: 'RIAD, Zavrtanik et al., Pattern Recognition 2021',
  },
};
