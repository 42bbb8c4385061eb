// What the engine itself refuses, with what to do about it. Failures of its parts keep their own classes.
import { RemedyError } from '../../lib/errors';

export class NotOpen extends RemedyError {
  override readonly name = 'NotOpen';
  constructor() {
    super('The engine has not been opened yet.', 'Wait until the graphics adapter has been found.');
  }
}

/** Why the processor computes in plain loops. */
export class WebAssemblyMissing extends RemedyError {
  override readonly name = 'WebAssemblyMissing';
  constructor() {
    super(
      'There is no WebAssembly here, or its file did not arrive: plain loops compute, many times more slowly.',
      'Allow WebAssembly in the settings of the browser, or use another one.',
    );
  }
}

/** Why the processor computes although there is an adapter. Speeds in GFLOP/s. */
export class SlowAdapter extends RemedyError {
  override readonly name = 'SlowAdapter';
  constructor(adapter: number, processor: number) {
    super(
      `The graphics adapter here is a software one, and slower than the processor itself (${adapter.toFixed(1)} against ${processor.toFixed(1)} GFLOP/s).`,
      'Turn on hardware acceleration in the browser, or update the graphics driver.',
    );
  }
}

/** Why the processor computes although there is an adapter, and a fast one. */
export class UnsteadyAdapter extends RemedyError {
  override readonly name = 'UnsteadyAdapter';
  constructor() {
    super(
      'The graphics device was lost again and again.',
      'Update the graphics driver, or close other programs that use the graphics processor, and reload the page.',
    );
  }
}

/**
 * The graphics device went and none came in its place, or the thread that computes has ended: no call is answered any more
 * by this engine. It is the one error for this, whatever the call.
 */
export class EngineLost extends RemedyError {
  override readonly name = 'EngineLost';
  /** @param reason in a few words; may be empty */
  constructor(reason: string) {
    super(
      `The computing engine was lost${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`,
      'Start it again. If that happens again, close other programs that use the graphics processor or choose a smaller preset.',
    );
  }
}

/** The engine was closed while it was working on this call. */
export class EngineClosed extends RemedyError {
  override readonly name = 'EngineClosed';
  constructor() {
    super('The engine was closed before it could answer.', 'Start the engine again.');
  }
}

/** A training would take more memory than there is, or probably is. */
export class NotEnoughMemory extends RemedyError {
  override readonly name = 'NotEnoughMemory';
  /** @param bytes that are needed, about; @param room how many there are, and where; @param preset label of one that fits; null: none does */
  constructor(bytes: number, room: { bytes: number; where: string }, preset: string | null) {
    super(
      `Training with these settings takes about ${gigabytes(bytes)}; there is room for ${gigabytes(room.bytes)} in ${room.where}.`,
      preset === null
        ? 'Choose smaller images, a smaller batch, fewer blocks or a smaller global grid.'
        : `Choose the preset ${preset}, which fits; or smaller images, a smaller batch, fewer blocks or a smaller global grid.`,
    );
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

export class AlreadyTraining extends RemedyError {
  override readonly name = 'AlreadyTraining';
  constructor() {
    super('A training is running already.', 'Let it finish, or cancel it first.');
  }
}

/** Stage 1 is to learn from real anomalies, and there are none. */
export class NoRealAnomalies extends RemedyError {
  override readonly name = 'NoRealAnomalies';
  constructor() {
    super(
      'There is no anomalous training image whose mask marks anything.',
      'Move an image labelled as a defect and with a mask (draw or import one) to the training side, or learn from synthetic anomalies.',
    );
  }
}

export class NotTraining extends RemedyError {
  override readonly name = 'NotTraining';
  constructor() {
    super('No training is running.', 'Start one with Train.');
  }
}

/** A checkpoint is asked to go on under other conditions than it began. */
export class CheckpointMisfit extends RemedyError {
  override readonly name = 'CheckpointMisfit';
  constructor(detail: string) {
    super(
      `The training cannot go on from its checkpoint: ${detail}.`,
      'Bring back the images and settings it began with, or train anew.',
    );
  }
}

export class NoModel extends RemedyError {
  override readonly name = 'NoModel';
  constructor() {
    super('There is no trained model for these settings yet.', 'Train first.');
  }
}

/** There is a model, but it knows other features than those now set. */
export class OtherFeatures extends RemedyError {
  override readonly name = 'OtherFeatures';
  /** @param difference in words: `other taps (standard, not layer1)` */
  constructor(difference: string) {
    super(
      `The trained model belongs to ${difference}.`,
      'Go back to the features it was trained on, or train again.',
    );
  }
}

export class ScoringOutdated extends RemedyError {
  override readonly name = 'ScoringOutdated';
  constructor() {
    super('The images, the settings or the model changed while scores were computed.', 'Score again.');
  }
}

export class FeaturesChanged extends RemedyError {
  override readonly name = 'FeaturesChanged';
  constructor() {
    super(
      'The settings of the features changed while anomalies were being drawn on the training images.',
      'Train again.',
    );
  }
}

export class FeaturesOutgrown extends RemedyError {
  override readonly name = 'FeaturesOutgrown';
  constructor() {
    super(
      'Settings or images changed during the training, and its features had not all found room to be kept.',
      'Train again, and leave the settings alone meanwhile; or train on fewer images.',
    );
  }
}

export class NoFeaturesToPaste extends RemedyError {
  override readonly name = 'NoFeaturesToPaste';
  constructor() {
    super(
      'This method looks at the pixels: there are no features to paste a block into.',
      'Switch the pasted block off, or choose a method that works on features.',
    );
  }
}

export class NothingNormal extends RemedyError {
  override readonly name = 'NothingNormal';
  constructor() {
    super('There is no normal image to paste a block into.', 'Add normal images to the test side.');
  }
}

export class ImageFileGone extends RemedyError {
  override readonly name = 'ImageFileGone';
  constructor(image: string, options?: ErrorOptions) {
    super(
      `The file of ${image} cannot be read from the disk (any more).`,
      'Remove this image, or put its file back where it was and add it again.',
      options,
    );
  }
}

export class BadFrame extends RemedyError {
  override readonly name = 'BadFrame';
  constructor(width: number, height: number, bytes: number) {
    super(
      `A picture of ${width} x ${height} pixels came with ${bytes} bytes instead of ${4 * width * height}.`,
      'Start the camera again.',
    );
  }
}

export class UnknownImage extends RemedyError {
  override readonly name = 'UnknownImage';
  constructor(id: string) {
    super(`The image ${id} is not loaded.`, 'Choose another image, or add it again.');
  }
}

export class BundleUnreadable extends RemedyError {
  override readonly name = 'BundleUnreadable';
  constructor(path: string, reason: string) {
    super(
      `The bundled file ${path} could not be read: ${reason}.`,
      'Reload the page; if it stays, deploy the whole build folder.',
    );
  }
}
