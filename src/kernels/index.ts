// Every operation of this room, by subject. Importing a file registers its kernels with tfjs on both backends; the model and
// the pipeline import the files they need, this list is for reading and for the tests that hold for all kernels.

// Grids
export { gridSample } from './gridSample';

// Layers that train
export { linear } from './linear';
export { batchNormInference, batchNormTraining, instanceNormalise } from './normalise';
export { followStatistics } from './followStatistics';
export { convolution3x3, narrowConvolution3x3 } from './convolutionTraining';
export { depthwise3x3 } from './depthwiseTraining';
export { channelMeans } from './channelMeans';
export { gatedHardSwish } from './gatedHardSwish';

// Transformers that train
export { attendOnGrid } from './attention';
export { layerNorm } from './layerNorm';
export { dropout } from './dropout';
export { featureJitter } from './featureJitter';

// Noise
export { gaussianNoise } from './gaussianNoise';

// Losses and optimiser
export { meanSquaredError, weightedSum } from './weightedSum';
export { clipScale } from './clipScale';
export { adamwUpdate } from './adamw';

// Frozen networks
export { convolution } from './convolution';
export { depthwiseConvolution } from './depthwiseConvolution';
export { squeezeExcite } from './squeezeExcite';

// Blocks and maps
export { pasteBlock } from './pasteBlock';
export { distanceMap } from './distanceMap';
export { resampleMap, trainedResample } from './resampleMap';
export { scoreMaps, smoothMap, upsampleMap } from './smoothMap';
export { mapExtremes } from './mapExtremes';
export { OverlayRenderer } from './overlay';

// Rival methods
export { collectRows } from './collectRows';
export { pickCoreset } from './coreset';
export { nearestNeighbours } from './nearestNeighbours';
export { nonFinite } from './nonFinite';
export { mahalanobis } from './mahalanobis';
