// What can go wrong while a rival method is fitted, beyond what every training may meet (../errors.ts).
import { RemedyError } from '../../errors';

export class NoCheckpoint extends RemedyError {
  override readonly name = 'NoCheckpoint';
  constructor() {
    super(
      'This method cannot be saved while it is being fitted.',
      'Wait until it has finished, then save; only GRAD and its single grids can go on from the middle.',
    );
  }
}
