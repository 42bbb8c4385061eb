// What other programs import as `grad-playground`: a device for tfjs, images as the backbones want them, data sets as
// they were published, the one way from features to scores, and overlays. Kernels, methods, backbones, metrics and
// file formats have entries of their own (package.json, "exports").
export { RemedyError, toReport, type ErrorReport } from './errors';

// The device
export { requestGpu, type Gpu } from './gpu/device';
export { memory, settle, startBackend } from './gpu/backend';
export { faults } from './gpu/faults';
export * from './gpu/errors';

// Images
export { decodeImage, decodeMask, type DecodedImage, type MaskReading } from './images/decode';
export type { Notice } from './images/notices';
export { extremesOf, rangeOfSet, spreadRange, type PixelRange } from './images/pixelRange';
export { prepareImage, prepareMask, type PreparedImage } from './images/prepare';
export { resizeBilinear, resizeMask } from './images/resize';
export type { Mask, RgbImage } from './images/image';
export * from './images/errors';

// Data sets
export { readFolder, type FolderImage, type FolderOptions, type FolderReport } from './datasets/folder';

// From features to scores
export {
  answer,
  enlarge,
  type AnomalyMaps,
  type AnomalyModel,
  type Answer,
  type AnsweringModel,
  type AnswerOptions,
  type PastedBlock,
} from './scoring/answer';
export { readFiniteScores, ScoreNotFinite, withFiniteCheck, type FiniteScore } from './scoring/finiteScores';

// Overlays
export { colormap, type ColormapName } from './overlay/colormaps';
export { paintOverlay, type OverlayLook, type OverlayRequest } from './overlay/paintOverlay';
