// The overlay without a GPU: what paintOverlay() paints, put on a canvas of which only the part that is used is there.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { onProcessor, startProcessor, stopProcessor } from '../../gpu/processor';
import { tf } from '../../gpu/tf';
import { colormap } from '../../overlay/colormaps';
import { paintOverlay, type OverlayLook } from '../../overlay/paintOverlay';
import { ProcessorOverlay } from './processorOverlay';

class Picture {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

function canvasOf(width: number, height: number) {
  const context = { putImageData: vi.fn(), clearRect: vi.fn() };
  return { context, canvas: { width, height, getContext: () => context } as unknown as OffscreenCanvas };
}

const VALUES = [0, 1, 2, 3, 4, 5];
const LOOK: OverlayLook = { range: [0, 5], lut: colormap('viridis'), opacity: 0.7, threshold: 2.5 };

describe('the overlay without a GPU', () => {
  beforeAll(async () => expect(await startProcessor()).toBe(true));
  beforeEach(() => void vi.stubGlobal('ImageData', Picture));
  afterAll(stopProcessor);

  it('paints the map of a tensor over the whole canvas', () => {
    const { canvas, context } = canvasOf(8, 4);
    const map = onProcessor(() => tf.tensor(VALUES, [1, 2, 3]));
    new ProcessorOverlay(canvas).draw(map, LOOK);
    map.dispose();
    const size = { width: 3, height: 2, outWidth: 8, outHeight: 4 };
    const pixels = paintOverlay({ ...LOOK, ...size, map: Float32Array.from(VALUES) });
    expect(context.putImageData.mock.calls).toEqual([[new Picture(pixels, 8, 4), 0, 0]]);
  });

  it('paints nothing on a canvas without a size, and wipes it at the end', () => {
    const { canvas, context } = canvasOf(0, 4);
    const overlay = new ProcessorOverlay(canvas);
    overlay.draw({ shape: [2, 3] } as tf.Tensor, LOOK);
    expect(context.putImageData).not.toHaveBeenCalled();
    overlay.dispose();
    expect(context.clearRect).toHaveBeenCalledWith(0, 0, 0, 4);
  });

  it('says what is wrong with a canvas that is in use', () => {
    const canvas = { getContext: () => null } as unknown as OffscreenCanvas;
    expect(() => new ProcessorOverlay(canvas)).toThrow('another kind');
  });
});
