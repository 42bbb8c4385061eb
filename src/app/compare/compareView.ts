// Looking at a comparison: which image, seed, row or bar; which images stand behind a figure. And from a chart's cell to
// the stage, where the block can be moved.
import type { ImageId, Label, PastedTrial, StashedMap } from '../../engine/api/types';
import type { Metrics } from '../../lib/scoring/metrics/summary';
import { scoringOf } from '../../settings/scoring';
import { setLayout } from '../shell/layout';
import { setParams } from '../settings/actions';
import { selectImage } from '../stage/actions';
import { engine } from '../shell/engineLink';
import { imagesOf } from '../shell/selectors';
import type { AppState } from '../shell/appState';
import type { CompareChoice, ComparedRun, Focus, Scope } from './compareSlice';
import { getState, patch } from '../shell/store';
import { isComparing } from './events';
import { keepComparison } from './kept';
import { forgetStashed } from './stashed';
import { msg } from '../languages/texts';

export const choose = (change: Partial<CompareChoice>): void =>
  patch('compare', { choice: { ...getState().compare.choice, ...change } });

export const setScope = (scope: Scope): void => patch('compare', { scope });
export const showSeed = (seed: number): void => patch('compare', { seed, focus: null });
export const showImage = (image: ImageId): void => patch('compare', { image });
export const setFocus = (focus: Focus | null): void => patch('compare', { focus });

/** The image whose maps stand side by side: the one looked at, else the one on the stage. */
export const imageOf = ({ compare, data }: Pick<AppState, 'compare' | 'data'>): ImageId | null =>
  compare.image !== null && data.images[compare.image] ? compare.image : data.selected;

/** The next or previous test image. */
export function showNeighbour(step: 1 | -1): void {
  const order = imagesOf(getState().data, 'test').map(({ id }) => id);
  if (order.length === 0) return;
  const at = order.indexOf(imageOf(getState()) ?? '');
  showImage(order[at < 0 ? 0 : (at + step + order.length) % order.length]!);
}

/** Takes all results off the table, and their models out of the engine. */
export async function clearComparison(): Promise<void> {
  const { compare } = getState();
  if (isComparing(getState())) return;
  patch('compare', { runs: [], stashed: [], focus: null, scope: { kind: 'all' }, seed: null });
  await forgetStashed(compare.stashed);
  await keepComparison();
}

type Verdict = 'false alarm' | 'missed defect' | 'found' | 'passed';

/** What is shown of a verdict. */
export const VERDICTS: Record<Verdict, string> = {
  'false alarm': msg('false alarm'),
  'missed defect': msg('missed defect'),
  found: msg('found'),
  passed: msg('passed'),
};

/** An image behind a figure, and what the run's own line makes of it. */
export interface RankedImage {
  id: ImageId;
  score: number;
  label: Label;
  verdict: Verdict | null;
}

/**
 * Test images of a run, mistakes first: false alarms from the highest score down, missed defects from the lowest up, then
 * the rest by score.
 */
export function imagesBehind(
  run: ComparedRun,
  images: AppState['data']['images'],
  { range, scope }: { range: [number, number] | null; scope: Scope },
): RankedImage[] {
  const line = run.table?.threshold?.value ?? null;
  const scored = (run.table?.images ?? []).flatMap(({ id, score }): RankedImage[] => {
    const image = images[id];
    if (!image || image.split !== 'test' || !within(image.type, image.label, scope)) return [];
    if (range && (score < range[0] || score > range[1])) return [];
    return [{ id, score, label: image.label, verdict: verdictOf(image.label, score, line) }];
  });
  const of = (verdict: RankedImage['verdict']) => scored.filter((image) => image.verdict === verdict);
  const falling = (list: RankedImage[]) => list.toSorted((a, b) => b.score - a.score);
  const rest = scored.filter(({ verdict }) => verdict !== 'false alarm' && verdict !== 'missed defect');
  return [...falling(of('false alarm')), ...falling(of('missed defect')).reverse(), ...falling(rest)];
}

/** A type stands against the normal images. */
function within(type: string, label: Label, scope: Scope): boolean {
  if (scope.kind === 'all') return true;
  return scope.kind === 'class' ? type.startsWith(`${scope.name}/`) : type === scope.name || label === 0;
}

function verdictOf(label: Label, score: number, line: number | null): RankedImage['verdict'] {
  if (label === null || line === null) return null;
  if (score > line) return label === 1 ? 'found' : 'false alarm';
  return label === 1 ? 'missed defect' : 'passed';
}

/** What a figure is about, to lead to its images: its first mistake comes on screen. */
export function showBehind(
  run: ComparedRun,
  metric: keyof Metrics | null,
  range: Focus['range'] = null,
): void {
  setFocus({ run: run.name, metric, range });
  const { data, compare } = getState();
  const first = imagesBehind(run, data.images, { range, scope: compare.scope })[0];
  if (first) showImage(first.id);
}

/** Maps of one image from several runs' models, in their order; null while the engine cannot answer. */
export async function readMaps(image: ImageId, runs: readonly ComparedRun[]): Promise<StashedMap[] | null> {
  if (!engine() || runs.length === 0) return null;
  return engine()!.readStashed({
    image,
    models: runs.map(({ name }) => name),
    ...scoringOf(runs[0]!.params),
  });
}

/** Puts a pasted block of the chart on the stage, where it can be dragged. */
export function showOnStage({ image, block }: PastedTrial): void {
  selectImage(image);
  setParams({
    fbpOn: true,
    fbpShape: 'walk',
    fbpSize: block.size,
    fbpIntensity: block.intensity,
    fbpX: block.x,
    fbpY: block.y,
    fbpSeed: block.seed,
    fbpSteps: block.steps,
    fbpAngle: 0,
  });
  setLayout({ compareOpen: false });
}
