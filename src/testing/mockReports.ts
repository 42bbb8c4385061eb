// What the fake engine answers with: refusals, and a score table around given scores.
import type { Calls, ImageFile, Label, ScoreTable, Split } from '../engine/api/types';
import { ReportedError, type ErrorReport } from '../lib/errors';
import { curvesOf, resampleAll } from '../lib/scoring/metrics/detail';
import { summarise } from '../lib/scoring/metrics/summary';
import { Random } from '../lib/nn/random';

export const weightsMissing = (backbone: string) =>
  new ReportedError({
    name: 'BackboneNotHere',
    message: `The weights of ${backbone} are not here.`,
    remedy: 'Load its .safetensors file, or choose mini_resnet.',
  });

export const refusal = ({ id, name }: ImageFile, error: ErrorReport) => ({
  id,
  name,
  error: {
    ...error,
    name: 'NotAnImage',
    message: 'This is not a PNG, JPEG or WebP image.',
    remedy: 'Open it in an image editor and save it as PNG.',
  },
});

interface MockScored {
  id: string;
  label: Label;
  split: Split;
  type: string;
  score: number;
}

/** Real figures of the made-up scores; pixels have none. */
function detailed(scored: readonly MockScored[], count: number): Partial<ScoreTable> {
  const test = scored.filter(({ split }) => split === 'test');
  const of = <K extends keyof MockScored>(key: K) => test.map((image) => image[key]);
  const evaluated = { scores: of('score'), labels: of('label'), types: of('type') };
  const summary = summarise(evaluated);
  const randomFor = (name: string) => Random.stream(0, name);
  return {
    ...summary,
    resampled: resampleAll(evaluated, summary, { count, randomFor }),
    curves: curvesOf(evaluated),
  };
}

/** Figures that look like a decent detector's; only scores and threshold follow from the images. */
export function mockTable(
  scored: readonly MockScored[],
  { resamples, curves }: Pick<Calls['scoreAll']['in'], 'resamples' | 'curves'> = {},
): ScoreTable {
  const normal = scored.filter(({ label }) => label === 0).map(({ score }) => score);
  const top = Math.max(1, ...scored.map(({ score }) => score));
  return {
    images: scored.map(({ id, score }) => ({ id, score })),
    metrics: {
      image_auroc: 0.93,
      image_ap: 0.95,
      image_f1_max: 0.9,
      pixel_auroc: 0.97,
      pixel_ap: 0.41,
      aupro30: 0.82,
    },
    perType: {},
    ...(curves && detailed(scored, resamples ?? 0)),
    threshold: {
      value: Math.max(0, ...normal.toSorted((a, b) => a - b).slice(0, -1)),
      source: 'labelled test images',
    },
    ranges: { fused: [0, top], normal: [0, top], abnormal: [-1, top / 2] },
    msPerImage: 9,
  };
}
