// What other programs import as `grad-playground/backbones`: frozen networks that turn images into feature maps, their
// weights from a file or the Hub, and what they cost.
export { createBackbone, type Backbone, type BackboneOptions } from './registry';
export { extractFeatures, featureShape, type FeatureShape } from './extractFeatures';
export { adaptFeatures, alignFeatures, type Statistics } from './features';
export { FeatureStatistics } from './featureStatistics';
export { normalisePixels } from './pixels';
export { pixelMaps } from './pixelMaps';
export { BACKBONE_IDS, BUNDLED_BACKBONE, defaultTaps } from './table';
export { type Cost } from './cost';
export { HUB_URL, loadFromHub, type HubOptions, type HubProgress, type HubWeights } from './hub';
export { MemoryCache, type WeightCache } from './hub/cache';
export * from './errors';
export * from './hub/errors';
