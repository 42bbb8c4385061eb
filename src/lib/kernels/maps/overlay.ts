// Draws a map on a canvas straight from the tensor's GPU buffer (shaders/maps/overlay.wgsl): nothing is read back, so a
// live update ends on the GPU where it began. The same pixels as paintOverlay(), which is its reference.
// It knows no DOM but the canvas it is given, and works without one for pictures that go into files.
import overlaySource from '../../../../shaders/maps/overlay.wgsl';
import { COLORMAP_ENTRIES } from '../../overlay/colormaps';
import { bufferOf, flush, recordCommands, webgpuBackend } from '../../gpu/backend';
import { readTexture } from '../../gpu/readTexture';
import { tf } from '../../gpu/tf';
import { packUniforms } from '../../gpu/uniforms';
import {
  CASING_OPACITY,
  CASING_WIDTH,
  DEFAULT_LINE_WIDTH,
  type OverlayLook,
} from '../../overlay/paintOverlay';

/** As for paintOverlay(); the range may also stay on the GPU: a tensor whose first two values are low and high. */
export interface RenderLook extends Omit<OverlayLook, 'range'> {
  range: [number, number] | tf.Tensor;
  /** The picture leaves with tfjs's next submission, which has to follow in the same turn of the thread: a read, say. */
  waits?: boolean;
}

const RANGE_BYTES = 8;
const PIXEL_FORMAT = 'rgba8unorm';

interface Target {
  view: GPUTextureView;
  format: GPUTextureFormat;
  width: number;
  height: number;
  premultiplied: boolean;
}

/** One per device and canvas. After a device loss: dispose(), then a new one on the same canvas. */
export class OverlayRenderer {
  readonly #device: GPUDevice;
  readonly #canvas: OffscreenCanvas | undefined;
  readonly #context: GPUCanvasContext | undefined;
  readonly #layout: GPUBindGroupLayout;
  readonly #pipelines = new Map<GPUTextureFormat, GPURenderPipeline>();
  readonly #look: GPUBuffer;
  readonly #table: GPUBuffer;
  #uploadedLut: Uint8Array | null = null;

  /**
   * @param device the one tfjs runs on
   * @param canvas shown above the picture; set its width and height in device pixels at any time
   */
  constructor(device: GPUDevice, canvas?: OffscreenCanvas) {
    this.#device = device;
    this.#canvas = canvas;
    this.#context = canvas && configure(canvas, device);
    this.#layout = bindGroupLayout(device);
    const { COPY_DST, STORAGE, UNIFORM } = GPUBufferUsage;
    this.#look = device.createBuffer({ size: overlaySource.uniformBytes, usage: UNIFORM | COPY_DST });
    this.#table = device.createBuffer({ size: 4 * COLORMAP_ENTRIES, usage: STORAGE | COPY_DST });
  }

  /**
   * Paints the map over the whole canvas, transparent where the picture below shall show.
   * @param map [H, W] or [1, H, W], float32; bilinear upsampling to the canvas, corners aligned
   * @throws Error when the renderer has no canvas or the map is no single map
   */
  draw(map: tf.Tensor, look: RenderLook): void {
    if (!this.#canvas || !this.#context) throw new Error('This overlay renderer was made without a canvas.');
    const { width, height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const view = this.#context.getCurrentTexture().createView();
    const format = navigator.gpu.getPreferredCanvasFormat();
    const backend = webgpuBackend();
    const used = look.range instanceof tf.Tensor ? [map, look.range] : [map];
    const values = singleMapBuffer(map);
    const target: Target = { view, format, width, height, premultiplied: true };
    this.#upload(map, look, target);
    recordCommands(backend, used, (encoder) => this.#encode(encoder, values, look, target));
    if (!look.waits) flush(backend);
  }

  /** The same picture as RGBA bytes, not premultiplied, width * height * 4: for files and tests. */
  async renderToPixels(
    map: tf.Tensor,
    look: RenderLook,
    width: number,
    height: number,
  ): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { COPY_SRC, RENDER_ATTACHMENT } = GPUTextureUsage;
    const usage = RENDER_ATTACHMENT | COPY_SRC;
    const texture = this.#device.createTexture({ size: [width, height], format: PIXEL_FORMAT, usage });
    try {
      const view = texture.createView();
      const target: Target = { view, format: PIXEL_FORMAT, width, height, premultiplied: false };
      const values = singleMapBuffer(map);
      // What tfjs has batched must reach the queue first: it computes the map.
      flush();
      this.#upload(map, look, target);
      const encoder = this.#device.createCommandEncoder();
      this.#encode(encoder, values, look, target);
      return await readTexture(this.#device, encoder, texture);
    } finally {
      texture.destroy();
    }
  }

  /** Frees its GPU memory and the canvas. Harmless on a lost device. */
  dispose(): void {
    this.#context?.unconfigure();
    this.#look.destroy();
    this.#table.destroy();
  }

  #encode(encoder: GPUCommandEncoder, values: GPUBuffer, look: RenderLook, target: Target): void {
    const range = look.range instanceof tf.Tensor ? bufferOf(look.range) : null;
    if (range) encoder.copyBufferToBuffer(range, 0, this.#look, 0, RANGE_BYTES);
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: target.view, loadOp: 'clear', storeOp: 'store' }],
    });
    pass.setPipeline(this.#pipeline(target.format));
    pass.setBindGroup(0, this.#bindGroup(values));
    pass.draw(3);
    pass.end();
  }

  #upload(map: tf.Tensor, look: RenderLook, target: Target): void {
    const { queue } = this.#device;
    queue.writeBuffer(this.#look, 0, packLook(map, look, target));
    // Tables are shared, unchanging arrays (colormaps.ts): the same array needs no second upload.
    if (look.lut === this.#uploadedLut) return;
    queue.writeBuffer(this.#table, 0, look.lut as Uint8Array<ArrayBuffer>);
    this.#uploadedLut = look.lut;
  }

  #bindGroup(values: GPUBuffer): GPUBindGroup {
    const buffers = [values, this.#table, this.#look];
    return this.#device.createBindGroup({
      layout: this.#layout,
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  #pipeline(format: GPUTextureFormat): GPURenderPipeline {
    const known = this.#pipelines.get(format);
    if (known) return known;
    const module = this.#device.createShaderModule({ label: 'overlay', code: overlaySource.code });
    const pipeline = this.#device.createRenderPipeline({
      label: 'overlay',
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [this.#layout] }),
      vertex: { module },
      fragment: { module, constants: { CASING_WIDTH, CASING_OPACITY }, targets: [{ format }] },
    });
    this.#pipelines.set(format, pipeline);
    return pipeline;
  }
}

function configure(canvas: OffscreenCanvas, device: GPUDevice): GPUCanvasContext {
  const context = canvas.getContext('webgpu');
  if (!context)
    throw new Error('The overlay canvas gives no WebGPU context: it has one of another kind already.');
  context.configure({ device, format: navigator.gpu.getPreferredCanvasFormat(), alphaMode: 'premultiplied' });
  return context;
}

function bindGroupLayout(device: GPUDevice): GPUBindGroupLayout {
  const types = ['read-only-storage', 'read-only-storage', 'uniform'] as const;
  return device.createBindGroupLayout({
    entries: types.map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.FRAGMENT,
      buffer: { type },
    })),
  });
}

function singleMapBuffer(map: tf.Tensor): GPUBuffer {
  const [height, width] = mapSize(map);
  tf.util.assert(map.size === height * width, () => `An overlay draws one map, not the shape [${map.shape}]`);
  const held = webgpuBackend().tensorMap.get(map.dataId).dtype;
  tf.util.assert(held === 'float32', () => `An overlay draws float32 maps; this one holds ${held}`);
  return bufferOf(map);
}

function mapSize(map: tf.Tensor): [number, number] {
  return map.shape.slice(-2) as [number, number];
}

/** The shader's struct Look. */
function packLook(map: tf.Tensor, look: RenderLook, target: Target): ArrayBuffer {
  const { opacity, fade = 0, threshold, lineWidth = DEFAULT_LINE_WIDTH } = look;
  const [height, width] = mapSize(map);
  return packUniforms(overlaySource, {
    // A range that stays on the GPU is copied over these two afterwards.
    range: look.range instanceof tf.Tensor ? [0, 0] : look.range,
    mapSize: [width, height],
    canvasSize: [target.width, target.height],
    opacity,
    fade,
    threshold: threshold ?? 0,
    lineWidth,
    hasThreshold: Number(threshold !== null),
    premultiplied: Number(target.premultiplied),
  });
}
