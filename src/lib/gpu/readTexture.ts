// Reads a texture's pixels back: for pictures that go into files and for tests. What is shown on a canvas is never
// read back.

/** A row of a texture that is copied to a buffer starts at a multiple of this. */
const ROW_ALIGNMENT = 256;

/**
 * Submits the encoder, which paints the texture, and reads the result.
 * @param texture 8 bits a channel, four channels, made with COPY_SRC
 * @returns width * height * 4 bytes, rows from the top without gaps
 */
export async function readTexture(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  texture: GPUTexture,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const { width, height } = texture;
  const bytesPerRow = Math.ceil((4 * width) / ROW_ALIGNMENT) * ROW_ALIGNMENT;
  const { COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ size: bytesPerRow * height, usage: COPY_DST | MAP_READ });
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  try {
    await buffer.mapAsync(GPUMapMode.READ);
    const rows = new Uint8Array(buffer.getMappedRange());
    const pixels = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y++) {
      pixels.set(rows.subarray(y * bytesPerRow, y * bytesPerRow + 4 * width), 4 * width * y);
    }
    return pixels;
  } finally {
    buffer.destroy();
  }
}
