// The range that samples of more than eight bits are spread over: one for the whole set. Set by hand, or that of the
// training images; from the start of a training on it stays, so that a model keeps seeing what it was trained on.
import { RemedyError } from '../../lib/errors';
import { parseRange, rangeOfSet, type PixelRange } from '../../lib/images/pixelRange';

/** The range of pixel values is neither automatic nor two numbers. */
export class BadPixelRange extends RemedyError {
  override readonly name = 'BadPixelRange';
  constructor(text: string) {
    super(
      `"${text}" is no range of pixel values.`,
      'Give auto, or the values that become black and white, as in 0:4095.',
    );
  }
}

/** What of an image counts. */
export interface RangedImage {
  /** Null for eight bits. */
  extremes: PixelRange | null;
  trains: boolean;
}

export class SetRange {
  #byHand: PixelRange | null = null;
  #held: PixelRange | null = null;
  #fixed = false;

  /** In force; null while only images of eight bits are known. */
  get current(): PixelRange | null {
    return this.#byHand ?? this.#held;
  }

  /** For an image that comes in: what is in force, else the best guess. */
  forNew(extremes: PixelRange | null): PixelRange | null {
    return this.current ?? (extremes && rangeOfSet([extremes]));
  }

  /** @param text `auto`, or `low:high` @throws BadPixelRange */
  set(text: string): void {
    const range = text === 'auto' ? null : parseRange(text);
    if (text !== 'auto' && !range) throw new BadPixelRange(text);
    this.#byHand = range;
  }

  /** A model that was trained on a range is there: new images are seen as it saw its own. */
  adopt(range: PixelRange | null): void {
    if (!range) return;
    this.#held = range;
    this.#fixed = true;
  }

  /** A training begins: the range is that of its images, and stays. */
  settle(images: readonly RangedImage[]): void {
    this.#fixed = false;
    this.follow(images);
    this.#fixed = this.#held !== null;
  }

  /** The images are others. */
  follow(images: readonly RangedImage[]): void {
    const deep = images.filter(({ extremes }) => extremes !== null);
    const trained = deep.filter(({ trains }) => trains);
    if (this.#fixed) return;
    this.#held = rangeOfSet((trained.length > 0 ? trained : deep).map(({ extremes }) => extremes!));
  }
}
