// What other programs import as `grad-playground/metrics`: figures from scores, labels, maps and masks; no GPU, no tfjs.
// docs/evaluation.md says how each is defined. Values are fractions in [0, 1].
export { auroc, averagePrecision, f1Max, type BestF1, type Labels } from './scores';
export { imagePixels, type ImagePixels, type MaskedMap, type ScoreMap } from './imagePixels';
export { AUPRO_LIMIT, pixelFigures, type PixelFigures } from './pixels';
export { connectedRegions, type Regions } from './regions';
export { meanMetrics, METRIC_NAMES, summarise, type Evaluated, type Metrics, type Summary } from './summary';
export { curvesOf, pixelDetailOf, type Curves, type PixelDetail } from './detail';
export { aupimo, AUPIMO_BOUNDS, type Aupimo } from './aupimo';
export { saturatedPro, SPRO_LIMIT, type Saturation } from './saturation';
export { rankPixels, type PixelRanking } from './rankPixels';
export type { Curve } from './curves';
export { RESAMPLES, resample } from './bootstrap';
export { compareSamples, intervalsOf, type Intervals, type Samples } from './samples';
export { quantile, quantileThreshold, suggestThreshold, type Evidence, type Threshold } from './threshold';
export { evidenceOf, syntheticThreshold } from './syntheticThreshold';
export { shareInterval } from './beta';
export * from './errors';
