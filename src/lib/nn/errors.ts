// What can go wrong with any training, each with what to do about it.
import { RemedyError } from '../errors';

export class TrainingDiverged extends RemedyError {
  override readonly name = 'TrainingDiverged';
  /** @param phase as in "stage 1"; null for a training of one part */
  constructor(phase: string | null, epoch: number, loss: number, remedy: string) {
    super(
      `Training diverged: in epoch ${epoch}${phase ? ` of ${phase}` : ''} the loss became ${loss}.`,
      remedy,
    );
  }
}

export class NothingToTrain extends RemedyError {
  override readonly name = 'NothingToTrain';
  constructor() {
    super('There are no training images.', 'Add at least one normal image to the training set.');
  }
}

export class NoCheckpoint extends RemedyError {
  override readonly name = 'NoCheckpoint';
  constructor() {
    super(
      'This method cannot be saved while it is being fitted.',
      'Wait until it has finished, then save; only GRAD and its single grids can go on from the middle.',
    );
  }
}
