import { describe, expect, it } from 'vitest';
import { presetParams } from '../../settings/presets';
import { alignColumns, toJson, toText, type Evaluation } from './report';

const metrics = {
  image_auroc: 0.875,
  image_ap: 0.9,
  image_f1_max: 0.8,
  pixel_auroc: 0.95,
  pixel_ap: null,
  aupro30: null,
};

const evaluation: Evaluation = {
  params: { ...presetParams('demo'), seed: 3 },
  data: 'tiles',
  trainLimit: 24,
  testLimit: null,
  trainImages: 24,
  heldOutImages: 0,
  thresholdRequest: null,
  images: [
    { path: 'test/crack/0.png', label: 1, type: 'nut/crack', score: 2 },
    { path: 'test/good/0.png', label: 0, type: 'good', score: 1 },
  ],
  adapter: {
    vendor: 'v',
    architecture: 'a',
    description: 'Adapter',
    software: true,
    featuresOnProcessor: false,
    gflops: 2.9,
    suggestedPreset: 'demo',
    reason: 'r',
  },
  featuresMs: 1234,
  training: {
    outcome: 'finished',
    seconds: 5,
    stageMs: [1000, 4000],
    losses: { 1: [1], 2: [2] },
    fusionValue: -0.2,
  },
  table: {
    images: [],
    metrics,
    perType: { crack: { n: 1, ...metrics } },
    threshold: { value: 1.5, source: 'labelled test images' },
    ranges: { fused: [0, 1], normal: [0, 1], abnormal: [-1, 1] },
    msPerImage: 12,
  },
  notices: [],
  gpuBytesPeak: 5e6,
};

describe('toJson', () => {
  const document = toJson(evaluation);

  it('has the keys of schema 1 and no others', () => {
    expect(Object.keys(document)).toEqual([
      'schema',
      'config',
      'adapter',
      'timing',
      'memory',
      'metrics',
      'pixel_detail',
      'f1_threshold',
      'threshold',
      'threshold_evidence',
      'at_threshold',
      'intervals',
      'per_type',
      'per_class',
      'class_mean',
      'notices',
      'images',
    ]);
    expect(Object.keys(document.timing)).toEqual([
      'features_ms',
      'stage1_ms',
      'stage2_ms',
      'score_ms_per_image',
    ]);
    expect(Object.keys(document.metrics)).toEqual(Object.keys(metrics));
    expect(document.schema).toBe(1);
    expect(document.memory).toEqual({ gpu_bytes_peak: 5e6 });
    expect(document.images[0]).toEqual({ path: 'test/crack/0.png', class: 'nut', type: 'crack', label: 1, score: 2 }); // prettier-ignore
    expect(document.per_type['crack']!.n).toBe(1);
  });

  it('holds every parameter and survives JSON: null stays null', () => {
    const parsed = JSON.parse(JSON.stringify(document)) as typeof document;
    expect(parsed.config).toMatchObject({
      ...evaluation.params,
      train_limit: 24,
      test_limit: null,
      data: 'tiles',
    });
    expect(parsed.metrics.pixel_ap).toBeNull();
    expect(parsed).toEqual(document);
  });
});

describe('toText', () => {
  it('shows percent, a dash for what is undefined, the times and the adapter', () => {
    const text = toText(evaluation);
    expect(text).toMatch(/all +2 +87\.5 +90\.0 +80\.0 +95\.0 +- +-/);
    expect(text).toContain('features 1.2 s, stage 1 1.0 s, stage 2 4.0 s, scoring 12 ms per image');
    expect(text).toContain('Adapter, 3x3 convolution 2.90 GFLOP/s');
    expect(text).toContain('threshold 1.5000');
  });
});

describe('what an evaluation adds', () => {
  const line = { value: 3, source: 'synthetic anomalies' } as const;
  const evidence = {
    normals: 8,
    flagged: 0,
    falseAlarms: [0, 0.369417] as [number, number],
    pasted: 100,
    found: 90,
  };
  const pixelDetail = { f1Max: 0.5, aupro05: 0.25, spro05: null, aupimo: 0.125, aupimoImages: [0.125] };
  const scored = evaluation.images.map(({ path, score }) => ({ id: path, score }));
  const more = {
    ...evaluation,
    table: { ...evaluation.table, images: scored, threshold: { ...line, evidence }, pixelDetail },
  };

  it('says what a line makes of the scores it was drawn from, beside the line itself', () => {
    const { threshold, threshold_evidence } = toJson(more);
    expect(threshold).toEqual(line);
    expect(threshold_evidence).toEqual({
      ...{
        normal_images: 8,
        normal_flagged: 0,
        false_alarm_interval: [0, 0.36942],
        pasted: 100,
        pasted_found: 90,
      },
    });
    expect(toText(more)).toContain(
      'beside 8 normal images, 0 of them above it: false alarms from 0.0 to 36.9 %',
    );
  });

  it('gives further figures over pixels, AUPIMO image by image', () => {
    const document = toJson(more);
    expect(document.pixel_detail).toEqual({ pixel_f1_max: 0.5, aupro05: 0.25, spro05: null, aupimo: 0.125 });
    expect(document.images.map((image) => image.aupimo)).toEqual([0.125, undefined]);
    expect(document.images.map((image) => [image.class, image.type])).toEqual([['nut', 'crack'], [undefined, 'good']]); // prettier-ignore
    expect(toText(more)).toContain('over all pixels: pixel F1 50.0, AUPRO up to 0.05 25.0, AUPIMO 12.5');
  });
});

describe('alignColumns', () => {
  it('pads names to the right and numbers to the left', () => {
    expect(
      alignColumns([
        ['a', 'n'],
        ['long', '10'],
      ]),
    ).toEqual(['a      n', 'long  10']);
  });
});

describe('a method fitted in one go', () => {
  const fitted: Evaluation = {
    ...evaluation,
    params: { ...evaluation.params, method: 'patchcore' },
    training: {
      outcome: 'finished',
      seconds: 3,
      stageMs: [0, 0],
      fitMs: 3000,
      losses: { 1: [], 2: [], fit: [] },
      fusionValue: null,
    },
  };

  it('says how long the fit took, and claims no stages', () => {
    expect(toJson(fitted).timing).toMatchObject({ stage1_ms: 0, stage2_ms: 0, fit_ms: 3000 });
    expect(toText(fitted)).toContain('fit 3.0 s');
    expect(toText(fitted)).not.toContain('stage 1');
  });
});
