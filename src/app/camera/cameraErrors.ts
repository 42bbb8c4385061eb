// Why a camera gives no picture, in words: browsers tell it by the names of exceptions.
import { RemedyError, type ErrorReport, toReport } from '../../lib/errors';

export class CameraFailed extends RemedyError {
  override readonly name = 'CameraFailed';
}

const WHY: Record<string, [message: string, remedy: string]> = {
  NotAllowedError: [
    'The camera may not be used.',
    'Allow it in the browser’s site settings (the icon beside the address), then start it again.',
  ],
  NotFoundError: ['There is no camera.', 'Connect one, then start it again; or drop photos as files.'],
  NotReadableError: [
    'The camera is in use by another program, or does not answer.',
    'Close the other program, then start it again.',
  ],
  OverconstrainedError: ['The chosen camera is gone.', 'Choose another one.'],
};
const ABORTED: [string, string] = ['The camera stopped while it was started.', 'Start it again.'];

export const UNPLUGGED = new CameraFailed(
  'The camera was unplugged.',
  'Connect it again, or choose another one.',
);
export const HIDDEN = new CameraFailed(
  'The camera was let go while the page was out of sight.',
  'Start it again.',
);
/** No browser hands out cameras to pages that came over an open connection. */
const INSECURE = new CameraFailed(
  'Cameras can be used on secure pages only.',
  'Open the page through https:// or on localhost.',
);

/** What asking for a camera threw, as something to read. */
export function cameraFailure(error: unknown): ErrorReport {
  if (!navigator.mediaDevices) return toReport(INSECURE);
  if (!(error instanceof DOMException)) return toReport(error);
  const [message, remedy] = WHY[error.name] ?? ABORTED;
  return toReport(new CameraFailed(message, remedy));
}
