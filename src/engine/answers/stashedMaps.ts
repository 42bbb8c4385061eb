// Maps of one image from several models that were set aside, as they are scored and drawn, so that methods can be looked
// at side by side. Each model gets the features it was trained on, if they can still be had.
import type { tf } from '../../lib/gpu/tf';
import type { ModelCache } from '../models/modelCache';
import type { ImageParts, PartId } from '../features/imageParts';
import type { FeatureKind, ModelState } from '../models/modelState';
import { judge, look, type Answer, type Looked } from '../../lib/scoring/answer';
import { lookAtParts, type AnswerOptions, type Ask } from './parts';
import { readScoredMap, scoredMapOf, mapScoringOf, tidyWith } from './scoredMap';
import type { Calls, ImageId, StashedMap } from '../api/types';

export interface StashedMapSources {
  models: ModelCache;
  /** How an image is looked at. @throws UnknownImage */
  parts(image: ImageId): Promise<ImageParts>;
  /** A model's input [1, H, W, C] of a part, disposed here; null when such features cannot be had now. */
  inputOf(part: PartId, kind: FeatureKind): Promise<tf.Tensor4D | null>;
  /** The image as the user knows it. */
  nameOf(image: ImageId): string;
  /** Parts a pass. */
  batch(): number;
}

/** Thrown within: the model, or what it looks at, is not there any more. */
class Missing extends Error {
  constructor(readonly what: 'model' | 'features') {
    super(what);
  }
}

type Request = Calls['readStashed']['in'];

/** One answer a name, in their order. @throws UnknownImage, ScoreNotFinite, GpuFault */
export async function readStashedMaps(sources: StashedMapSources, request: Request): Promise<StashedMap[]> {
  const maps: StashedMap[] = [];
  for (const name of request.models) maps.push(await readStashedMap(sources, name, request));
  return maps;
}

async function readStashedMap(
  sources: StashedMapSources,
  name: string,
  { image, ...scoring }: Request,
): Promise<StashedMap> {
  try {
    const found = await answerOf(sources, name, image, mapScoringOf(scoring));
    return { ...(await readScoredMap(scoredMapOf(found), sources.nameOf(image))), missing: null };
  } catch (error) {
    if (error instanceof Missing) return { map: null, score: null, missing: error.what };
    throw error;
  }
}

/** The caller owns the tensors. @throws Missing */
async function answerOf(
  { models, inputOf, parts: partsOfImage, batch }: StashedMapSources,
  name: string,
  image: ImageId,
  options: AnswerOptions,
): Promise<Answer> {
  const withModel = async <T>(work: (state: ModelState) => T): Promise<T> => {
    const used = await models.use(name, work);
    if (used === null) throw new Missing('model');
    return used;
  };
  const kind = await withModel(({ features }) => features);
  const { ids, layout } = await partsOfImage(image);
  const phi = async (part: number) => {
    const input = await inputOf(ids[part]!, kind);
    if (!input) throw new Missing('features');
    return input;
  };
  const parts = { count: ids.length, layout, phi };
  const ask: Ask = (input, paste) => withModel((state) => look(state, input, { ...options, paste }));
  const looked = await lookAtParts(parts, ask, { batch: batch() });
  return tidyWith(looked as Looked & tf.NamedTensorMap, () => {
    return judge(looked, { ...options, size: layout }) as Answer & tf.NamedTensorMap;
  });
}
