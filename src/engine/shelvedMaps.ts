// Maps of one image from several models that were set aside, as they are scored and drawn, so that methods can be looked
// at side by side. Each model gets the features it was trained on, if they can still be had.
import { faults } from '../gpu/faults';
import { tf } from '../gpu/tf';
import { scoreMaps } from '../kernels/smoothMap';
import { anomalyMaps, imageScores } from '../pipeline/maps';
import type { ModelShelf } from './modelShelf';
import { adaptFeatures, type FeatureKind, type ModelState } from './modelState';
import type { Calls, ImageId, ShelvedMap } from './types';

export interface ShelvedMapSources {
  shelf: ModelShelf;
  /** A model's input [1, H, W, C] of an image, disposed here; null when such features cannot be had now. */
  inputOf(image: ImageId, kind: FeatureKind): Promise<tf.Tensor4D | null>;
  /** Input size S in pixels. */
  size(): number;
}

type Wish = Calls['readShelved']['in'];

/** One answer a name, in their order. @throws UnknownImage, GpuFault */
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
    return await read(answer, side);
  } finally {
    input.dispose();
  }
}

function answerOf(
  { model, statistics }: ModelState,
  input: tf.Tensor4D,
  { side, smooth, refine }: { side: number } & Pick<Wish, 'smooth' | 'refine'>,
): { pixels: tf.Tensor3D; score: tf.Tensor1D } {
  return tf.tidy(() => {
    const adapted = adaptFeatures(input, statistics);
    const maps = anomalyMaps(model, adapted, { fusionValue: null, refine });
    const scored = scoreMaps(maps.fused, side, smooth);
    return { pixels: scored.pixels, score: imageScores(model, adapted, maps, scored) };
  });
}

async function read(
  { pixels, score }: { pixels: tf.Tensor3D; score: tf.Tensor1D },
  side: number,
): Promise<ShelvedMap> {
  try {
    const [values, scores] = await Promise.all([pixels.data<'float32'>(), score.data<'float32'>()]);
    faults.check();
    return { map: { width: side, height: side, values: values.slice() }, score: scores[0]!, missing: null };
  } finally {
    tf.dispose([pixels, score]);
  }
}
