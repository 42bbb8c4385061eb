// What a training needs from the images for its anomalies, beyond what their source says of itself.
import { learnsFromMasks } from '../lib/methods/grad/options';
import { branchesOf } from './methods';
import type { Params } from './table';

/** Whether these settings cannot be trained without an anomalous training image with a mask. */
export const needsRealAnomalies = ({
  method,
  epochs1,
  anomalySource,
}: Pick<Params, 'method' | 'epochs1' | 'anomalySource'>): boolean =>
  learnsFromMasks(anomalySource) && branchesOf(method).abnormal && epochs1 > 0;
