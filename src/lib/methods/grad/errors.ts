// What can go wrong with a model and its training, each with what to do about it.
import { RemedyError } from '../../errors';

export class TrainingDiverged extends RemedyError {
  override readonly name = 'TrainingDiverged';
  /** @param stage null for a method that is trained in one go */
  constructor(stage: 1 | 2 | null, epoch: number, loss: number) {
    super(
      `Training diverged: in epoch ${epoch}${stage ? ` of stage ${stage}` : ''} the loss became ${loss}.`,
      stage
        ? 'Lower the learning rates or the training intensity, or start from another seed; images already loaded are kept.'
        : 'Start from another seed, or normalise the channels of the features; images already loaded are kept.',
    );
  }
}

export class NothingToTrain extends RemedyError {
  override readonly name = 'NothingToTrain';
  constructor() {
    super('There are no training images.', 'Add at least one normal image to the training set.');
  }
}

export class BadModelFile extends RemedyError {
  override readonly name = 'BadModelFile';
  constructor(detail: string) {
    super(
      `This file does not hold a model of this program: ${detail}.`,
      'Choose a model that was saved here, or train a new one.',
    );
  }
}
