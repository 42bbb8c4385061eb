// Maps of one image from several models that were set aside, as they are scored and drawn, so that methods can be looked
// at side by side. Each model gets the features it was trained on, if they can still be had.
import type { tf } from '../../lib/gpu/tf';
import type { ModelCache } from '../models/modelCache';
import type { FeatureKind } from '../models/modelState';
import { readScoredMap, scoredMap, scoringOf } from './scoredMap';
import type { Calls, ImageId, StashedMap } from '../api/types';

export interface StashedMapSources {
  models: ModelCache;
  /** A model's input [1, H, W, C] of an image, disposed here; null when such features cannot be had now. */
  inputOf(image: ImageId, kind: FeatureKind): Promise<tf.Tensor4D | null>;
  /** The image as the user knows it. */
  nameOf(image: ImageId): string;
  /** Input size S in pixels. */
  size(): number;
}

type Request = Calls['readStashed']['in'];

/** One answer a name, in their order. @throws UnknownImage, ScoreNotFinite, GpuFault */
export async function readStashedMaps(sources: StashedMapSources, request: Request): Promise<StashedMap[]> {
  const maps: StashedMap[] = [];
  for (const name of request.models) maps.push(await readStashedMap(sources, name, request));
  return maps;
}

async function readStashedMap(
  { models, inputOf, nameOf, size }: StashedMapSources,
  name: string,
  { image, ...scoring }: Request,
): Promise<StashedMap> {
  const kind = await models.use(name, ({ features }) => features);
  if (!kind) return { map: null, score: null, missing: 'model' };
  const input = await inputOf(image, kind);
  if (!input) return { map: null, score: null, missing: 'features' };
  const how = { size: size(), ...scoringOf(scoring) };
  try {
    const tensors = await models.use(name, (state) => scoredMap(state, input, how));
    if (!tensors) return { map: null, score: null, missing: 'model' };
    return { ...(await readScoredMap(tensors, nameOf(image))), missing: null };
  } finally {
    input.dispose();
  }
}
