// What the present model makes of blocks of chosen sizes and intensities, pasted at random places into normal images:
// scores, from which the page counts how many a threshold finds. Draws depend on the seed alone, and are the same for
// every intensity, so that cells of the chart differ in what their axes say.
import { cellsAlong } from '../../lib/framing';
import { tf } from '../../lib/gpu/tf';
import { Random } from '../../lib/nn/random';
import { answer, look, type Answer, type Looked } from '../../lib/scoring/answer';
import { readFiniteScores, withFiniteCheck } from '../../lib/scoring/finiteScores';
import { NoFeaturesToPaste, NothingNormal, ScoringOutdated } from '../api/errors';
import { PIXELS } from '../models/modelState';
import { answerParts, lookAtParts, type Ask } from './parts';
import { mapScoringOf, tidyWith } from './scoredMap';
import { partsOf, type ScoringSources } from './scoring';
import type { Block, Calls, PastedScores, PastedTrial, Split } from '../api/types';

type Request = Calls['pasteBlocks']['in'];
type Drawn = Omit<PastedTrial, 'score'>;

/** @throws NoFeaturesToPaste, NothingNormal, ScoringOutdated, ScoreNotFinite, GpuFault */
export async function scorePasted(sources: ScoringSources, request: Request): Promise<PastedScores> {
  if (sources.state.features.backbone === PIXELS) throw new NoFeaturesToPaste();
  const normals = (split: Split) => sources.images.of(split).filter(({ label }) => label === 0);
  const held = [normals('test'), normals('validation')].find(({ length }) => length > 0) ?? [];
  // Scores of images that were learned from are too low; better than nothing, and said.
  const images = held.length > 0 ? held : sources.images.training();
  if (images.length === 0) throw new NothingNormal();
  const { height, width } = await cellsOf(sources, images);
  const drawn = drawTrials(request, images.map(({ id }) => id), height, width); // prettier-ignore
  const scores = new Map<Drawn, number>();
  const report = counter(drawn.length, sources.onProgress);
  for (const { id } of images) {
    const own = drawn.filter(({ image }) => image === id);
    await scoreTrials(sources, request, own, (trial, score) => scores.set(trial, score), report);
  }
  return {
    heldOut: held.length > 0,
    trials: drawn.map((trial) => ({ ...trial, score: scores.get(trial)! })),
  };
}

/** As the paper pastes while training: a walk of N in [B, 2B] steps at a place where it fits. */
function drawTrials(
  { sizes, intensities, trials, seed }: Request,
  images: readonly string[],
  height: number,
  width: number,
): Drawn[] {
  const largest = Math.floor((Math.min(height, width) - 1) / 2);
  const order = Random.stream(seed, 'detectability images').permutation(images.length);
  return sizes
    .filter((size) => size <= largest)
    .flatMap((size) => {
      const random = Random.stream(seed, `detectability ${size}`);
      return Array.from(
        { length: trials },
        (_, i): Omit<Drawn, 'block'> & { block: Omit<Block, 'intensity'> } => ({
          image: images[order[i % images.length]!]!,
          block: {
            shape: 'walk',
            size,
            steps: random.int(size, 2 * size),
            x: random.int(size, width - 1 - size),
            y: random.int(size, height - 1 - size),
            seed: random.int(0, 2 ** 31 - 1),
          },
        }),
      ).flatMap(({ image, block }) =>
        intensities.map((intensity) => ({ image, block: { ...block, intensity } })),
      );
    });
}

/** Cells that every one of the images has, so that a block fits on any. */
async function cellsOf(
  { features, images }: ScoringSources,
  shown: readonly { id: string }[],
): Promise<{ height: number; width: number }> {
  const parts = shown.map(({ id }) => images.parts(id));
  const phi = await features(parts[0]!.ids[0]!);
  const [, rows, columns] = phi.shape;
  phi.dispose();
  const least = (counts: number[]) => counts.reduce((a, b) => Math.min(a, b));
  return {
    height: least(parts.map(({ layout }) => cellsAlong(layout.rows, rows).count)),
    width: least(parts.map(({ layout }) => cellsAlong(layout.columns, columns).count)),
  };
}

async function scoreTrials(
  sources: ScoringSources,
  request: Request,
  trials: readonly Drawn[],
  found: (trial: Drawn, score: number) => void,
  report: (count: number) => void,
): Promise<void> {
  const image = trials[0]?.image;
  if (image === undefined) return;
  if (sources.images.parts(image).ids.length > 1) return scoreTiled(sources, request, trials, found, report);
  for (let at = 0; at < trials.length; at += sources.batch) {
    const batch = trials.slice(at, at + sources.batch);
    const raw = await sources.features(image);
    await readTrials(sources, pasted(sources, request, raw, batch), batch, found);
    report(batch.length);
  }
}

/** Of an image in tiles, those that a block touches are looked at again. */
async function scoreTiled(
  sources: ScoringSources,
  request: Request,
  trials: readonly Drawn[],
  found: (trial: Drawn, score: number) => void,
  report: (count: number) => void,
): Promise<void> {
  const { state, batch } = sources;
  const parts = partsOf(sources, trials[0]!.image);
  const options = mapScoringOf(request);
  const check = () => checkModel(sources);
  const ask: Ask = async (phi, paste) => look(state, phi, { ...options, paste });
  const without = await lookAtParts(parts, ask, { check, batch });
  try {
    for (const trial of trials) {
      const { block } = trial;
      const answered = await answerParts(state, parts, options, { check, batch, block, without });
      const checked = tidyWith(answered as Answer & tf.NamedTensorMap, () => withFiniteCheck(answered));
      await readTrials(sources, checked, [trial], found);
      report(1);
    }
  } finally {
    tf.dispose(without as Looked & tf.NamedTensorMap);
  }
}

async function readTrials(
  { images }: ScoringSources,
  checked: tf.Tensor2D,
  trials: readonly Drawn[],
  found: (trial: Drawn, score: number) => void,
): Promise<void> {
  try {
    const scores = await readFiniteScores(checked, trials.map(({ image }) => images.nameOf(image))); // prettier-ignore
    trials.forEach((trial, i) => found(trial, scores[i]!.score));
  } finally {
    checked.dispose();
  }
}

/** @throws ScoringOutdated */
function checkModel({ current }: ScoringSources): void {
  if (!current()) throw new ScoringOutdated();
}

/** Checked scores of one image with each block in turn; disposes `raw`. @throws ScoringOutdated */
function pasted(
  sources: ScoringSources,
  request: Request,
  raw: tf.Tensor4D,
  batch: readonly Drawn[],
): tf.Tensor2D {
  return tidyWith(raw, () => {
    checkModel(sources);
    const blocks = batch.map(({ block }) => block);
    const { layout: size } = sources.images.parts(batch[0]!.image);
    return withFiniteCheck(answer(sources.state, raw, { size, ...mapScoringOf(request), blocks }));
  });
}

function counter(total: number, report: (done: number, total: number) => void): (count: number) => void {
  let done = 0;
  return (count) => report((done += count), total);
}
