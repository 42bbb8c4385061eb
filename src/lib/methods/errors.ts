// What can go wrong while a rival method is fitted, beyond what every training may meet (../errors.ts).
import { RemedyError } from '../errors';

export class UnknownMethod extends RemedyError {
  override readonly name = 'UnknownMethod';
  constructor(id: string) {
    super(
      `This program knows no method "${id.slice(0, 40)}".`,
      'Choose one of the methods in the settings, or open the file with a newer version.',
    );
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
