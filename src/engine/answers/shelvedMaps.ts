// Maps of one image from several models that were set aside, as they are scored and drawn, so that methods can be looked
// at side by side. Each model gets the features it was trained on, if they can still be had.
import { faults } from '../../lib/gpu/faults';
import { tf } from '../../lib/gpu/tf';
import { scoreMaps } from '../../lib/kernels/maps/smoothMap';
import { anomalyMaps, imageScores } from '../../lib/scoring/anomalyMaps';
import type { ModelShelf } from '../models/modelCache';
import { adaptFeatures, type FeatureKind, type ModelState } from '../models/modelState';
import { readSoundScores, withSoundness } from './finiteScores';
import type { Calls, ImageId, ShelvedMap } from '../api/types';

export interface ShelvedMapSources {
  shelf: ModelShelf;
  /** A model's input [1, H, W, C] of an image, disposed here; null when such features cannot be had now. */
  inputOf(image: ImageId, kind: FeatureKind): Promise<tf.Tensor4D | null>;
  /** Input size S in pixels. */
  size(): number;
}

type Wish = Calls['readShelved']['in'];

/** One answer a name, in their order. @throws UnknownImage, ScoreNotFinite, GpuFault */
export async function readShelvedMaps(sources: ShelvedMapSources, wish: Wish): Promise<ShelvedMap[]> {
  const maps: ShelvedMap[] = [];
  for (const name of wish.models) maps.push(await readShelvedMap(sources, name, wish));
  return maps;
}

async function readShelvedMap(
  { shelf, inputOf, size }: ShelvedMapSources,
  name: string,
  { image, smooth, refine }: Wish,
): Promise<ShelvedMap> {
  const kind = await shelf.use(name, ({ features }) => features);
  if (!kind) return { map: null, score: null, missing: 'model' };
  const input = await inputOf(image, kind);
  if (!input) return { map: null, score: null, missing: 'features' };
  const side = size();
  try {
    const answer = await shelf.use(name, (state) => answerOf(state, input, { side, smooth, refine }));
    if (!answer) return { map: null, score: null, missing: 'model' };
    return await read(answer, image, side);
  } finally {
    input.dispose();
  }
}

interface Answer {
  pixels: tf.Tensor3D;
  /** As withSoundness() gives it. */
  score: tf.Tensor2D;
}

function answerOf(
  { model, statistics }: ModelState,
  input: tf.Tensor4D,
  { side, smooth, refine }: { side: number } & Pick<Wish, 'smooth' | 'refine'>,
): Answer {
  return tf.tidy(() => {
    const adapted = adaptFeatures(input, statistics);
    const maps = anomalyMaps(model, adapted, { fusionValue: null, refine });
    const scored = scoreMaps(maps.fused, side, smooth);
    const score = withSoundness(imageScores(model, adapted, maps, scored), adapted, maps);
    return { pixels: scored.pixels, score } as Answer & tf.NamedTensorMap;
  });
}

async function read({ pixels, score }: Answer, image: string, side: number): Promise<ShelvedMap> {
  try {
    // The name is the id where files have no other.
    const [values, scores] = await Promise.all([pixels.data<'float32'>(), readSoundScores(score, [image])]);
    faults.check();
    return { map: { width: side, height: side, values: values.slice() }, score: scores[0]!, missing: null };
  } finally {
    tf.dispose([pixels, score]);
  }
}
