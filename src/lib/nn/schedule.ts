// The learning rate over a stage's epochs: full, then a tenth.
const DECAY = 0.1;
const DECAY_AFTER = 0.8;

/** Factor on every learning rate in epoch `epoch` (from 0): 0.1 after floor(0.8 * epochs), but never in the first. */
export function learningRateFactor(epoch: number, epochs: number): number {
  return epoch < Math.max(1, Math.floor(DECAY_AFTER * epochs)) ? 1 : DECAY;
}
