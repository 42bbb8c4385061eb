// Draws a map on a canvas where there is no GPU: the same pixels as overlay.ts, painted on the processor.
import { processorValues } from '../../gpu/processor';
import type { tf } from '../../gpu/tf';
import { paintOverlay, type OverlayLook } from '../../overlay/paintOverlay';

export class ProcessorOverlay {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;

  /** @param canvas shown above the picture; set its width and height in device pixels at any time */
  constructor(canvas: OffscreenCanvas) {
    const context = canvas.getContext('2d');
    if (!context)
      throw new Error('The overlay canvas gives no 2D context: it has one of another kind already.');
    this.#canvas = canvas;
    this.#context = context;
  }

  /**
   * Paints the map over the whole canvas, transparent where the picture below shall show.
   * @param map [H, W] or [1, H, W] on the processor; bilinear upsampling to the canvas, corners aligned
   */
  draw(map: tf.Tensor, look: OverlayLook): void {
    const { width: outWidth, height: outHeight } = this.#canvas;
    if (outWidth === 0 || outHeight === 0) return;
    const [height, width] = map.shape.slice(-2) as [number, number];
    const pixels = paintOverlay({ ...look, map: processorValues(map), width, height, outWidth, outHeight });
    this.#context.putImageData(new ImageData(pixels, outWidth, outHeight), 0, 0);
  }

  dispose(): void {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }
}
