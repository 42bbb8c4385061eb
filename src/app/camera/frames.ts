// One picture out of a running video: as pixels for scoring, or as a file that joins the set.

/** Pixels of scored frames: more than any feature map sees, and cheap to hand over. */
const SCORED_SIDE = 640;

export interface Grabbed {
  width: number;
  height: number;
  pixels: ArrayBuffer;
}

export class FrameGrabber {
  readonly #canvas = document.createElement('canvas');

  /** What the video shows now; null before its first picture. The aspect ratio is kept, longest side at most 640 px. */
  pixels(video: HTMLVideoElement): Grabbed | null {
    const context = this.#draw(video, SCORED_SIDE);
    if (!context) return null;
    const { width, height, data } = context.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    return { width, height, pixels: data.buffer };
  }

  /** The same at the camera's own size, as a PNG: nothing is lost that a defect may hide in. */
  async file(video: HTMLVideoElement, name: string): Promise<File | null> {
    if (!this.#draw(video, Infinity)) return null;
    const blob = await new Promise<Blob | null>((resolve) => this.#canvas.toBlob(resolve, 'image/png'));
    return blob && new File([blob], name, { type: 'image/png' });
  }

  #draw(video: HTMLVideoElement, longest: number): CanvasRenderingContext2D | null {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0 || videoHeight === 0) return null;
    const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
    this.#canvas.width = Math.max(1, Math.round(videoWidth * scale));
    this.#canvas.height = Math.max(1, Math.round(videoHeight * scale));
    const context = this.#canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(video, 0, 0, this.#canvas.width, this.#canvas.height);
    return context;
  }
}

/**
 * Tells a picture from the one before: a still camera, or a browser that draws more often than the camera sends, has
 * nothing new to score.
 */
export class Unchanged {
  #pixels = new Uint32Array(0);
  #about: readonly unknown[] = [];

  /**
   * Whether this is the picture of the call before, and nothing that its score depends on has changed.
   * @param about whatever that is, compared by identity
   */
  is({ pixels }: Grabbed, about: readonly unknown[]): boolean {
    const now = new Uint32Array(pixels);
    const before = this.#pixels;
    const same =
      now.length === before.length &&
      about.every((value, i) => Object.is(value, this.#about[i])) &&
      now.every((value, i) => value === before[i]);
    // The buffer is handed over to the engine.
    if (!same) this.#pixels = now.slice();
    this.#about = about;
    return same;
  }

  /** The next picture counts as new: the score of this one did not come. */
  forget(): void {
    this.#about = [];
    this.#pixels = new Uint32Array(0);
  }
}

/** `photo 2026-11-22 17.45.12 (3).png`: sorts by time, and says nothing else. */
export function photoName(now: Date, index: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(pad).join('.');
  return `photo ${day} ${time}${index > 0 ? ` (${index + 1})` : ''}.png`;
}
