// What the metrics refuse. They never answer NaN: an undefined figure is null, a senseless input is one of these.
import { RemedyError } from '../../errors';

/** A score or a map holds NaN: a run that diverged, never something to rank. */
export class NotANumber extends RemedyError {
  override readonly name = 'NotANumber';
  constructor(where: string) {
    super(
      `${where} holds values that are not numbers (NaN).`,
      'Training has probably diverged: lower the learning rate, or start again with another seed.',
    );
  }
}

/** Two lists or pictures that belong together differ in size. */
export class SizeMismatch extends RemedyError {
  override readonly name = 'SizeMismatch';
  constructor(what: string, expected: number | string, actual: number | string) {
    super(
      `${what}: expected ${expected}, got ${actual}.`,
      'Give one label per score, and masks of the same width and height as their maps.',
    );
  }
}
