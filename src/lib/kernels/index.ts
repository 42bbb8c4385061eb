// Every operation of this room, by subject. Importing a file registers its kernels with tfjs on both backends; the model and
// the pipeline import the files they need, this list is for reading and for the tests that hold for all kernels.

// Grids
export { gridSample } from './gridSample/gridSample';

// Layers that train
export { linear } from './linear/linear';
export { batchNormInference, batchNormTraining, instanceNormalise } from './normalise/normalise';
export { followStatistics } from './normalise/runningStatistics';
export { convolution3x3, narrowConvolution3x3 } from './convolution/convolutionTraining';
export { depthwise3x3, depthwise3x3Folded } from './convolution/depthwiseTraining';
export { channelMeans } from './convolution/channelMeans';
export { gatedHardSwish } from './convolution/gatedHardSwish';

// The same where nothing trains: with all that surrounds them
export { branchMaps } from './inference/branchMaps';
export { foldNorm } from './inference/foldNorm';
export { gridQuery } from './inference/gridQuery';
export { normaliseImage } from './inference/normaliseImage';
export { scaleChannels } from './inference/normaliseFeatures';
export { pointwise } from './inference/pointwise';
export { vectorNetwork } from './inference/vectorNetwork';

// Transformers that train
export { attendOnGrid } from './attention/attention';
export { layerNorm } from './normalise/layerNorm';
export { dropout } from './noise/dropout';
export { featureJitter } from './noise/featureJitter';

// Noise
export { gaussianNoise } from './noise/gaussianNoise';

// Losses and optimiser
export { meanSquaredError, weightedSum } from './linear/weightedSum';
export { clipScale } from './optimiser/clipScale';
export { adamwUpdate } from './optimiser/adamw';
export { packTensors, unpackTensors } from './optimiser/packing';

// Frozen networks
export { convolution } from './convolution/convolution';
export { depthwiseConvolution } from './convolution/depthwiseConvolution';
export { squeezeExcite } from './convolution/squeezeExcite';
export { tokenAttention } from './attention/tokenAttention';

// Blocks and maps
export { pasteBlock } from './maps/pasteBlock';
export { distanceMap } from './maps/distanceMap';
export { resampleMap, trainedResample } from './maps/resampleMap';
export { scoreMaps, smoothMap, upsampleMap } from './maps/smoothMap';
export { mapExtremes, mapMaxima } from './maps/mapExtremes';
export { checkedRow } from './maps/checkedRow';
export { OverlayRenderer } from './maps/overlay';

// Baseline methods
export { collectRows } from './search/collectRows';
export { pickCoreset } from './search/coreset';
export { nearestNeighbours } from './search/nearestNeighbours';
export { COUNTS, countsOf, nonFinite } from './maps/nonFinite';
export { mahalanobis } from './search/mahalanobis';
