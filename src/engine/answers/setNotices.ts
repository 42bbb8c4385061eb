// What is to be known of a set beside its figures: test images that were trained on, scores that say nothing, what
// samples of more than eight bits were spread over, and at what size maps and masks were compared.
import { describeFraming } from '../../lib/framing';
import { describeRange } from '../../lib/images/pixelRange';
import type { SetNotice } from '../api/types';
import type { ImageStore } from '../features/imageStore';

/** @param scores of the test images */
export function setNotices(
  images: Pick<ImageStore, 'twins' | 'range' | 'framing' | 'shapes'>,
  scores: readonly number[],
): SetNotice[] {
  const { same, alike } = images.twins();
  const { range } = images;
  const notices: SetNotice[] = [];
  if (same.length > 0) {
    const text = `${count(same.length, 'test image is', 'test images are')} also trained on: the figures are better than they would be on new images.`;
    notices.push({ kind: 'same-image', text, images: same });
  }
  if (alike.length > 0) {
    const text = `${count(alike.length, 'test image differs', 'test images differ')} hardly from a training image, as if it had been saved twice.`;
    notices.push({ kind: 'alike-image', text, images: alike });
  }
  if (scores.length > 1 && scores.every((score) => score === scores[0])) {
    const text = 'All test images have the same score: the model tells nothing apart.';
    notices.push({ kind: 'constant-scores', text, images: [] });
  }
  if (range) {
    const text = `Values ${describeRange(range)} of images of more than 8 bits are spread over 8 (--pixel-range), the same for the whole set.`;
    notices.push({ kind: 'pixel-range', text, images: [] });
  }
  const how = describeFraming(images.framing);
  if (how) notices.push({ kind: 'framing', text: framingText(how, images.shapes()), images: [] });
  return notices;
}

/** A reference counts as unlike the others from so many times their usual score on. */
const UNLIKE = 2;

/** Reference images that are not like the others. @param references with the score that the others give them */
export function referenceNotices(references: readonly { name: string; score: number }[]): SetNotice[] {
  if (references.length < 3) return [];
  const scores = references.map(({ score }) => score).sort((a, b) => a - b);
  const usual = scores[(scores.length - 1) >> 1]!;
  const unlike = references.filter(({ score }) => score > UNLIKE * usual).map(({ name }) => name);
  if (unlike.length === 0) return [];
  const text = `${count(unlike.length, 'reference image is', 'reference images are')} unlike the others, at more than twice their usual score: the line between normal and anomalous lies too high if it does not belong here.`;
  return [{ kind: 'unlike-reference', text, images: unlike }];
}

function framingText(
  how: string,
  { maps, parts, learned, training }: ReturnType<ImageStore['shapes']>,
): string {
  const sizes = maps.length > 3 ? `${maps.slice(0, 3).join(', ')} and others` : maps.join(', ');
  const cut = parts > 1 ? `, at most ${parts} an image` : '';
  const sample = learned < training ? ` ${learned} of ${training} training tiles are learned from.` : '';
  return `Images are not squashed (${how}${cut}): maps and pixel figures are of ${sizes} pixels.${sample}`;
}

const count = (n: number, one: string, several: string): string => `${n} ${n === 1 ? one : several}`;
