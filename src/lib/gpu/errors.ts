// What can go wrong with a GPU, each with what to do about it. The first three are distinct on purpose: no
// WebGPU in this browser, no adapter on this machine, an adapter that is too small.
import { RemedyError } from '../errors';

export class WebGpuMissing extends RemedyError {
  override readonly name = 'WebGpuMissing';
  constructor() {
    super(
      'This browser has no WebGPU, on which training and live maps run.',
      'Use a current Chrome, Edge, Safari 26 or Firefox 141 over https or localhost. In Chromium on Linux, WebGPU may have to be switched on: chrome://flags/#enable-unsafe-webgpu.',
    );
  }
}

export class AdapterMissing extends RemedyError {
  override readonly name = 'AdapterMissing';
  constructor(options?: ErrorOptions) {
    super(
      'WebGPU is there, but it found no graphics adapter it may use.',
      'In a browser: turn on hardware acceleration, update the graphics driver and restart. On the command line: install a Vulkan driver (Debian: mesa-vulkan-drivers) or name one with VK_DRIVER_FILES.',
      options,
    );
  }
}

export interface LimitShortfall {
  limit: string;
  needed: number;
  present: number;
}

export class LimitsTooLow extends RemedyError {
  override readonly name = 'LimitsTooLow';
  constructor(readonly shortfalls: readonly LimitShortfall[]) {
    super(
      `The graphics adapter is too small: ${shortfalls.map((s) => `${s.limit} is ${s.present}, needed are ${s.needed}`).join('; ')}.`,
      'Choose smaller grids, a smaller image size or another preset; or use a machine with a larger graphics adapter.',
    );
  }
}

/** The tfjs at hand is not the one whose WebGPU backend the kernels know from within. */
export class OtherTfjs extends RemedyError {
  override readonly name = 'OtherTfjs';
  constructor(present: string, known: string, missing: readonly string[]) {
    super(
      `These kernels run on the WebGPU backend of tfjs ${known}; this is ${present}` +
        (missing.length > 0 ? `, whose backend lacks ${missing.join(', ')}.` : '.'),
      `Install @tensorflow/tfjs@${known} and @tensorflow/tfjs-backend-webgpu@${known}, once each; or call tf.setBackend('cpu'), where the kernels' plain references run.`,
    );
  }
}

/** The GPU refused work after the fact; results since the last check cannot be trusted. */
export class GpuFault extends RemedyError {
  override readonly name = 'GpuFault';
  constructor(message: string, options?: ErrorOptions) {
    super(
      message,
      'Reload and try again with a smaller image size or batch; if it happens again, please report this text.',
      options,
    );
  }
}

export class DeviceLost extends RemedyError {
  override readonly name = 'DeviceLost';
  constructor(reason: string) {
    super(
      `The graphics device was lost: ${reason || 'no reason was given'}.`,
      'Start again; on the page a training goes on from its last checkpoint, if it had one. If this comes back, close other tabs that use the GPU or choose a smaller preset.',
    );
  }
}
