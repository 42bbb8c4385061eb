// The model card: what is known of an export, what is not, and no name that becomes markup.
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, modelCard, type CardFacts } from './card';

const METADATA = {
  'grad.format': '1',
  'grad.program': 'grad-playground 1.0.0',
  'grad.method': 'padim',
  'grad.input': 'pixels',
  'grad.precision': 'f16',
  'grad.image_size': '128',
  'grad.backbone': 'mini_resnet',
  'grad.weights_licence': 'Apache-2.0',
  'grad.score': 'top',
  'grad.score_share': '2',
  'grad.threshold': '3.25',
  'grad.threshold_source': 'labelled test images',
  'grad.digests': JSON.stringify({ model: 'a'.repeat(64), backbone: 'b'.repeat(64) }),
};

const facts = (changes: Partial<CardFacts> = {}): CardFacts => ({
  file: { name: 'line 3.onnx', bytes: 2_500_000, sha256: 'c'.repeat(64) },
  metadata: METADATA,
  images: [
    { split: 'train', label: 0 },
    { split: 'test', label: 0 },
    { split: 'test', label: 1 },
    { split: 'test', label: 1 },
  ],
  dataSha256: 'd'.repeat(64),
  metrics: { image_auroc: 0.975, image_ap: 0.9, image_f1_max: 0.5, pixel_auroc: null, pixel_ap: null, aupro30: null }, // prettier-ignore
  seconds: 12,
  made: '2026-01-02T03:04:05Z',
  ...changes,
});

describe('a model card', () => {
  it('says what the file is, was made of, and is worth', () => {
    const card = modelCard(facts());
    for (const part of [
      '# PaDiM: line 3.onnx',
      '2.5 MB, SHA-256 `cccc',
      'the mean of the highest 2 %',
      '- **Threshold:** 3.25; a score **above**',
      '| image AUROC | image AP | F1-max |',
      '| 97.5 | 90.0 | 50.0 |',
      '1 normal, 2 anomalous, 0 not labelled',
      '- **Licence of the weights:** Apache\\-2.0',
      `**SHA-256 of the weights:** ${'b'.repeat(64)}`,
      'squashed to 128 x 128 pixels',
      'drawn on the very images',
    ])
      expect(card).toContain(part);
    expect(card).not.toMatch(/undefined|null|NaN/);
  });

  it('says what is not known or not there', () => {
    const bare = modelCard(
      facts({ metadata: {}, images: [], dataSha256: null, metrics: null, seconds: null }),
    );
    expect(bare).toContain('the model gives scores only');
    expect(bare).toContain('there were no labelled test images');
    expect(bare).toContain('by not known');
    expect(bare).not.toMatch(/undefined|null|NaN/);
    const unlicensed = modelCard(facts({ metadata: { ...METADATA, 'grad.weights_licence': '', 'grad.digests': '[' } })); // prettier-ignore
    expect(unlicensed).toContain('find it out before you pass the file on');
    expect(unlicensed).toContain('**SHA-256 of the weights:** not known');
  });

  it('takes no name for markup', () => {
    const name = '](javascript:alert(1)) <b> `x` | *y*\n# z';
    expect(escapeMarkdown(name)).toBe('\\]\\(javascript:alert\\(1\\)\\) \\<b\\> \\`x\\` \\| \\*y\\* \\# z');
    expect(modelCard(facts({ file: { name, bytes: 1, sha256: '' } })).match(/^# z/m)).toBeNull();
  });
});
