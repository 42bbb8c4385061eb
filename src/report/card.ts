// The model card of an exported detector, as Markdown: what it is, what it was made of, how good it was there, where it
// ends. All it says stands in the file's own metadata or in the session it was exported from. Pure.
import { METRIC_NAMES, type Metrics } from '../lib/scoring/metrics/summary';
import { aboutMethod, METHODS } from '../settings/methods';
import { percent } from './ranks';
import { FIGURES } from './svg';

export interface CardFacts {
  /** The exported file. */
  file: { name: string; bytes: number; sha256: string };
  /** As docs/export.md lists them; keys that are missing or empty are not known. */
  metadata: Readonly<Record<string, string>>;
  /** The images it was trained and judged on, as the session lists them. */
  images: readonly { split: 'train' | 'validation' | 'test'; label: 0 | 1 | null }[];
  /** Names these images, their labels and masks; null where the session lists none. */
  dataSha256: string | null;
  /** Over these images; null where there were no labels. */
  metrics: Metrics | null;
  /** How long the training took; null where nobody took the time. */
  seconds: number | null;
  /** ISO 8601. */
  made: string;
}

/** @returns a whole Markdown file */
export function modelCard(facts: CardFacts): string {
  const { file, metadata, made } = facts;
  const of = (key: string) => metadata[`grad.${key}`] ?? '';
  const input =
    of('input') === 'features'
      ? '`features`: float32 `[N, C, h, w]`, of the backbone below'
      : '`image`: uint8 `[N, H, W, 3]`, RGB, any number and size; the images of one call share theirs';
  return [
    `# ${escapeMarkdown(methodName(of('method')))}: ${escapeMarkdown(file.name)}`,
    '',
    `Image anomaly detector, exported ${made.slice(0, 10)} by ${known(of('program'))}.`,
    ...section('What it is', [
      row(
        'File',
        `${escapeMarkdown(file.name)}, ${(file.bytes / 1e6).toFixed(1)} MB, SHA-256 \`${file.sha256}\``,
      ),
      row('Method', known(methodName(of('method')))),
      row('Input', input),
      row('Output', `\`anomaly_map\` \`[N, ${mapSize(metadata)}]\` and \`score\` \`[N]\`, float32, raw`),
      row('Score', scoreWords(of('score'), of('score_share'))),
      row('Weights stored as', known(of('precision'))),
    ]),
    ...section('Verdict', thresholdRows(of('threshold'), of('threshold_source'))),
    ...section('Figures', figureRows(facts)),
    ...section('Data', dataRows(facts)),
    ...section('Backbone and licence', backboneRows(of('backbone'), of('weights_licence'), of('digests'))),
    ...section('Limits', limitRows(facts)),
    '',
  ].join('\n');
}

const isFramed = (metadata: CardFacts['metadata']): boolean =>
  !['', 'squash'].includes(metadata['grad.framing'] ?? '');

/** Height and width; of images that are padded or cut it depends on theirs. */
function mapSize(metadata: CardFacts['metadata']): string {
  if (isFramed(metadata)) return 'h, w';
  const width = metadata['grad.image_size'] || 'S';
  return `${metadata['grad.image_height'] || width}, ${width}`;
}

function shapeLimit(metadata: CardFacts['metadata']): string {
  const width = metadata['grad.image_size'] || 'S';
  const size = `${width} x ${metadata['grad.image_height'] || width} pixels`;
  if (isFramed(metadata)) {
    return `- Images are brought to inputs of ${size} (${escapeMarkdown(metadata['grad.framing']!)}): defects of less than a pixel there vanish.`;
  }
  return `- Images are squashed to ${size}: smaller defects vanish, and images of another shape than trained on are distorted otherwise than those.`;
}

const section = (title: string, lines: readonly string[]) => ['', `## ${title}`, '', ...lines];

const row = (name: string, value: string) => `- **${name}:** ${value}`;

const known = (text: string) => (text === '' ? 'not known' : escapeMarkdown(text));

const methodName = (id: string): string => {
  const found = METHODS.find((method) => method.id === id);
  return found ? aboutMethod(found.id).name : id;
};

function scoreWords(rule: string, share: string): string {
  const words: Record<string, string> = {
    max: 'the method’s own where it defines one, else the maximum of the smoothed map',
    top: `the mean of the highest ${share} % of the pixels of the smoothed map`,
    quantile: `the lowest of the highest ${share} % of the pixels of the smoothed map`,
    raw: 'the method’s own, else the maximum of its map before it is enlarged and smoothed',
  };
  return words[rule] ?? known(rule);
}

function thresholdRows(value: string, source: string): string[] {
  if (value === '')
    return ['None: the model gives scores only. Draw a line on images of your own before you act on them.'];
  return [
    row(
      'Threshold',
      `${known(value)}; a score **above** it means anomalous. It is metadata: the outputs do not depend on it.`,
    ),
    row('From', known(source)),
  ];
}

function figureRows({ metrics }: CardFacts): string[] {
  const there = METRIC_NAMES.filter((name) => (metrics?.[name] ?? null) !== null);
  if (!metrics || there.length === 0) return ['None: there were no labelled test images.'];
  const columns = FIGURES.filter(([, name]) => there.includes(name));
  return [
    'On the test images below, in percent:',
    '',
    `| ${columns.map(([title]) => title).join(' | ')} |`,
    `|${columns.map(() => ' ---: |').join('')}`,
    `| ${columns.map(([, name]) => percent(metrics[name])).join(' | ')} |`,
  ];
}

function dataRows({ images, dataSha256, seconds, metadata }: CardFacts): string[] {
  const count = (split: 'train' | 'test', label: 0 | 1 | null) =>
    images.filter((image) => image.split === split && image.label === label).length;
  const training = images.filter(({ split }) => split === 'train').length;
  const test = `${count('test', 0)} normal, ${count('test', 1)} anomalous, ${count('test', null)} not labelled`;
  const range = metadata['grad.pixel_range'] ?? '';
  return [
    row('Training images', `${training}, of them ${count('train', 1)} anomalous`),
    row('Test images', test),
    row('SHA-256 of images, labels and masks', dataSha256 === null ? 'not known' : `\`${dataSha256}\``),
    ...(range === ''
      ? []
      : [row('Samples of more than eight bits', `${escapeMarkdown(range)} became 0 and 255`)]),
    ...(seconds === null ? [] : [row('Training', `${seconds.toFixed(1)} s`)]),
  ];
}

function backboneRows(id: string, licence: string, digests: string): string[] {
  if (id === '') return ['None: the method looks at the pixels, and all weights were trained here.'];
  return [
    row('Weights', `${escapeMarkdown(id)}, frozen, within the file`),
    row('SHA-256 of the weights', known(backboneDigest(digests))),
    row(
      'Licence of the weights',
      licence === '' ? 'not known: find it out before you pass the file on' : known(licence),
    ),
  ];
}

/** Empty for what is no such JSON. */
function backboneDigest(digests: string): string {
  try {
    const { backbone } = JSON.parse(digests) as { backbone?: unknown };
    return typeof backbone === 'string' ? backbone : '';
  } catch {
    return '';
  }
}

function limitRows({ metadata, images }: CardFacts): string[] {
  const source = metadata['grad.threshold_source'] ?? '';
  const judged = images.filter(({ split, label }) => split === 'test' && label !== null).length;
  return [
    shapeLimit(metadata),
    '- It knows the training images alone: another camera, light, pose or product looks anomalous to it.',
    '- The map says where an image does not look normal, not what is wrong.',
    `- The figures are of ${judged} labelled images of this set, and of no other; the last epoch was taken, not the best.`,
    ...(source === 'normal images' ? ['- The threshold is the largest score of images that may have been trained on: it lies rather low.'] : []), // prettier-ignore
    ...(source === 'labelled test images' ? ['- The threshold was drawn on the very images that the figures are of: judge it on others.'] : []), // prettier-ignore
  ];
}

/** What names an image of a session. */
interface DigestedImage {
  name: string;
  split: string;
  label: 0 | 1 | null;
  type: string | null;
  /** Of its bytes, and of its mask's. */
  sha256: string | null;
  maskSha256: string | null;
}

/**
 * What a digest of a session's images is taken of, whatever their order.
 * @returns null where the session has no digests: it has no images, or those of a bundled set
 */
export function dataLines(images: readonly DigestedImage[]): string | null {
  if (!images.some(({ sha256 }) => sha256 !== null)) return null;
  const lines = images.map(({ name, split, label, type, sha256, maskSha256 }) =>
    JSON.stringify([name, split, label, type, sha256, maskSha256]),
  );
  return lines.sort().join('\n');
}

/** Text in which Markdown finds no mark, link or HTML. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').replace(/[\\`*_{}[\]()<>#+!|~&-]/g, (sign) => `\\${sign}`);
