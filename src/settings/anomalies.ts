// What the sources of anomalies for stage 1 are, apart from how they are made: which needs what from the images.
import { branchesOf } from './methods';
import type { Params } from './table';

type Source = Params['anomalySource'];

/** Whether anomalies are drawn on images before the backbone sees them. */
export const drawnOnImages = (source: Source): source is 'cutpaste' | 'perlin' =>
  source === 'cutpaste' || source === 'perlin';

/** Whether stage 1 learns from real anomalous images and their masks, the supervised variant. */
export const learnsFromMasks = (source: Source): source is 'masks' | 'masks-fbp' =>
  source === 'masks' || source === 'masks-fbp';

/** Whether these settings cannot be trained without an anomalous training image with a mask. */
export const needsRealAnomalies = ({
  method,
  epochs1,
  anomalySource,
}: Pick<Params, 'method' | 'epochs1' | 'anomalySource'>): boolean =>
  learnsFromMasks(anomalySource) && branchesOf(method).abnormal && epochs1 > 0;
