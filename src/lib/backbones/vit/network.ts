// Runs a vision transformer: weights uploaded once, then image in, feature maps out. Inference only. Tokens travel as maps of
// one row, [B, 1, tokens, C], so that every product is a 1 x 1 convolution that takes bias, activation and sum along.
import { tf } from '../../gpu/tf';
import { tokenAttention } from '../../kernels/attention/tokenAttention';
import { convolution } from '../../kernels/convolution/convolution';
import { layerNorm } from '../../kernels/normalise/layerNorm';
import type { Weights } from '../fold';
import { embeddingOf, type Plan } from '../plan';
import type { PatchEmbedding, TokenNorm, TransformerBlock } from './layers';
import { patchGrid, type Cells } from './patches';
import { resampledPositions } from './positions';
import { WeightReader } from './weights';

/** A product with its bias, [1, 1, in, out] and [out]. */
interface Linear {
  filter: tf.Tensor4D;
  bias: tf.Tensor1D;
}

interface Norm {
  scale: tf.Tensor1D;
  shift: tf.Tensor1D;
}

interface LoadedBlock {
  name: string;
  heads: number;
  norm1: Norm;
  qkv: Linear;
  /** Both with their scale per channel folded in. */
  projection: Linear;
  norm2: Norm;
  fc1: Linear;
  fc2: Linear;
}

export class VisionTransformer {
  /** Position embedding of the last size of image. */
  #positions: { cells: Cells; tensor: tf.Tensor4D } | null = null;

  private constructor(
    private readonly id: string,
    private readonly embedding: PatchEmbedding,
    private readonly epsilon: number,
    /** Class token, with its place where it has one, and registers: [1, 1, prefix, C]. */
    private readonly prefix: tf.Tensor4D,
    private readonly grid: Float32Array,
    private readonly patches: Linear,
    private readonly blocks: readonly LoadedBlock[],
    private readonly norm: Norm | null,
  ) {}

  /**
   * Uploads the weights of a plan; they must have been checked to be complete.
   * @throws NanWeights; nothing stays on the GPU then.
   */
  static load(id: string, plan: Plan, weights: Weights): VisionTransformer {
    const read = new WeightReader(id, weights);
    try {
      const embedding = embeddingOf(plan)!;
      const { prefix, grid } = read.tokens(embedding);
      const layers = plan.blocks.flatMap((block) => block.layers);
      const blocks = layers.filter((layer): layer is TransformerBlock => layer.kind === 'transformer');
      const last = layers.find((layer): layer is TokenNorm => layer.kind === 'tokenNorm');
      return new VisionTransformer(
        id,
        embedding,
        plan.epsilon,
        prefix,
        grid,
        read.patches(embedding),
        blocks.map((block) => loadBlock(read, block)),
        last ? read.norm(last.name) : null,
      );
    } catch (error) {
      read.dispose();
      throw error;
    }
  }

  /**
   * @param image [B, H, W, 3], normalised. @param taps blocks whose features are wanted, or `norm`, each once.
   * @returns one map [B, H / patch, W / patch, C] per tap, in the order of `taps`: without class token and registers.
   * @throws TooManyTokens
   */
  run(image: tf.Tensor4D, taps: readonly string[]): tf.Tensor4D[] {
    const [batch, height, width] = image.shape;
    const cells = patchGrid(this.id, this.embedding, height, width);
    const positions = this.#positionsFor(cells);
    const tapped = new Map<string, tf.Tensor4D>();
    const mapOf = (tokens: tf.Tensor4D, normed = false) => tf.tidy(() => {
      const count = cells.height * cells.width;
      const own = tokens.slice([0, 0, this.prefix.shape[2], 0], [batch, 1, count, -1]);
      const map = own.reshape<tf.Tensor4D>([batch, cells.height, cells.width, -1]);
      return normed && this.norm ? this.#normalised(map, this.norm) : map;
    }); // prettier-ignore
    let x = tf.tidy(() => this.#tokensOf(image, cells, positions));
    if (taps.includes('patch_embed')) tapped.set('patch_embed', mapOf(x));
    for (const block of this.blocks) {
      const y = this.#runBlock(block, x);
      x.dispose();
      x = y;
      if (taps.includes(block.name)) tapped.set(block.name, mapOf(x));
    }
    if (taps.includes('norm')) tapped.set('norm', mapOf(x, true));
    x.dispose();
    return taps.map((tap) => tapped.get(tap)!);
  }

  dispose(): void {
    tf.dispose([this.prefix, { ...this.patches }, { ...this.norm }]);
    for (const { norm1, qkv, projection, norm2, fc1, fc2 } of this.blocks) {
      for (const part of [norm1, qkv, projection, norm2, fc1, fc2]) tf.dispose({ ...part });
    }
    this.#positions?.tensor.dispose();
    this.#positions = null;
  }

  #tokensOf(image: tf.Tensor4D, cells: Cells, positions: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width] = image.shape;
    const { stride } = this.embedding;
    const [fitHeight, fitWidth] = [cells.height * stride, cells.width * stride];
    const fits = height === fitHeight && width === fitWidth;
    const whole = fits ? image : tf.image.resizeBilinear(image, [fitHeight, fitWidth], false, true);
    const squares = whole
      .reshape([batch * cells.height, stride, cells.width, stride * 3])
      .transpose([0, 2, 1, 3])
      .reshape<tf.Tensor4D>([batch, 1, cells.height * cells.width, stride * stride * 3]);
    const tokens = convolution(squares, this.patches.filter, this.patches.bias).add(positions);
    return tf.concat([this.prefix.tile([batch, 1, 1, 1]), tokens as tf.Tensor4D], 2);
  }

  /** In three steps, each of which releases what it no longer needs: the inside of the network is the largest tensor. */
  #runBlock(block: LoadedBlock, x: tf.Tensor4D): tf.Tensor4D {
    const [batch, , tokens, channels] = x.shape;
    const mixed = tf.tidy(() => {
      const qkv = product(this.#normalised(x, block.norm1), block.qkv);
      return tokenAttention(qkv.reshape([batch, tokens, -1]), block.heads).reshape<tf.Tensor4D>([batch, 1, tokens, channels]); // prettier-ignore
    });
    const attended = tf.tidy(() => product(mixed, block.projection, { residual: x }));
    mixed.dispose();
    const hidden = tf.tidy(() => product(this.#normalised(attended, block.norm2), block.fc1, { activation: 'gelu' })); // prettier-ignore
    const result = tf.tidy(() => product(hidden, block.fc2, { residual: attended }));
    tf.dispose([attended, hidden]);
    return result;
  }

  #normalised(x: tf.Tensor4D, { scale, shift }: Norm): tf.Tensor4D {
    return layerNorm(x, scale, shift, this.epsilon);
  }

  #positionsFor(cells: Cells): tf.Tensor4D {
    const known = this.#positions;
    if (known?.cells.height === cells.height && known.cells.width === cells.width) return known.tensor;
    known?.tensor.dispose();
    const values = resampledPositions(this.grid, this.embedding.grid, cells);
    const shape: [number, number, number, number] = [1, 1, cells.height * cells.width, this.embedding.output];
    const tensor = tf.keep(tf.tensor4d(values, shape));
    this.#positions = { cells, tensor };
    return tensor;
  }
}

const product = (x: tf.Tensor4D, { filter, bias }: Linear, ending: Parameters<typeof convolution>[3] = {}) =>
  convolution(x, filter, bias, ending);

function loadBlock(read: WeightReader, { name, heads }: TransformerBlock): LoadedBlock {
  return {
    name,
    heads,
    norm1: read.norm(`${name}.norm1`),
    qkv: read.linear(`${name}.attn.qkv`),
    projection: read.linear(`${name}.attn.proj`, `${name}.ls1.gamma`),
    norm2: read.norm(`${name}.norm2`),
    fc1: read.linear(`${name}.mlp.fc1`),
    fc2: read.linear(`${name}.mlp.fc2`, `${name}.ls2.gamma`),
  };
}
