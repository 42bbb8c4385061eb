// A vision transformer as an ONNX graph (network.ts): images [N, 3, H, W], normalised -> maps [N, C, h, w]. Attention is written
// as products with the matrix of scores: how a runtime keeps it is the runtime's.
import type { Graph } from '../../formats/onnx/graph';
import { int, type Value } from '../../formats/onnx/messages';
import {
  activated,
  binary,
  convolution,
  length,
  matMul,
  reshape,
  slice,
  transpose,
  withNumber,
} from '../../formats/onnx/ops';
import { centredBand, denseBand } from '../../kernels/maps/operators1d';
import type { Weights } from '../fold';
import { embeddingOf, type Plan } from '../plan';
import { PATCH_FILTER, prefixOf, type PatchEmbedding, type TransformerBlock } from './layers';
import { patchGrid, type Cells } from './patches';
import { resampledPositions } from './positions';
import { StoredValues } from './values';

interface Context {
  g: Graph;
  stored: StoredValues;
  epsilon: number;
}

/** One map per tap, in their order. @throws NanWeights, TooManyTokens */
export function transformerGraph(
  g: Graph,
  image: Value,
  { id, plan, weights }: { id: string; plan: Plan; weights: Weights },
  taps: readonly string[],
): Value[] {
  const embedding = embeddingOf(plan)!;
  const cells = patchGrid(id, embedding, length(image, 2), length(image, 3));
  const context = { g, stored: new StoredValues(id, weights), epsilon: plan.epsilon };
  const maps = new Map<string, Value>();
  let x = tokensGraph(context, image, embedding, cells);
  for (const { name, layers } of plan.blocks) {
    const scope = { ...context, g: g.scope(name) };
    const [layer] = layers;
    if (layer?.kind === 'transformer') x = blockGraph(scope, x, layer);
    const last = layer?.kind === 'tokenNorm' ? norm(scope, x, layer.name) : x;
    if (taps.includes(name)) maps.set(name, mapGraph(scope.g, last, prefixOf(embedding), cells));
  }
  return taps.map((tap) => maps.get(tap)!);
}

/** [N, prefix + cells, C] */
function tokensGraph({ g, stored }: Context, image: Value, embedding: PatchEmbedding, cells: Cells): Value {
  const { stride, output } = embedding;
  const [prefix, count] = [prefixOf(embedding), cells.height * cells.width];
  const whole = fitted(g.scope('fit'), image, { height: cells.height * stride, width: cells.width * stride });
  const bias = stored.of('patch_embed.proj.bias');
  const shape = [output, 3, stride, stride] as const;
  const filter = { name: 'patch_embed.proj', shape, values: () => stored.of(PATCH_FILTER), bias: () => bias };
  const map = convolution(g, whole, filter, { stride });
  const tokens = transpose(g, reshape(g, map, [image.shape[0]!, output, count]), [0, 2, 1]);
  // Room before the patches for the other tokens; they are added with the places.
  const padded = g.node(
    'Pad',
    [tokens, g.integers('room', [0, prefix, 0, 0, 0, 0])],
    {},
    {
      shape: [image.shape[0]!, prefix + count, output],
    },
  );
  const { prefix: first, grid } = stored.tokens(embedding);
  const places = g.floats('places', [1, prefix + count, output], () => {
    const values = new Float32Array((prefix + count) * output);
    values.set(first);
    values.set(resampledPositions(grid, embedding.grid, cells), first.length);
    return values;
  });
  return binary(g, 'Add', padded, places);
}

function blockGraph(
  context: Context,
  x: Value,
  { name, heads, output: width, hidden }: TransformerBlock,
): Value {
  const { g } = context;
  const [images, tokens] = [x.shape[0]!, length(x, 1)];
  const head = width / heads;
  const qkv = linear(context, norm(context, x, `${name}.norm1`), `${name}.attn.qkv`, [width, 3 * width]);
  const part = (index: number, order: readonly number[]) => {
    const own = slice(g, qkv, 2, index * width, (index + 1) * width);
    return transpose(g, reshape(g, own, [images, tokens, heads, head]), order);
  };
  const scores = matMul(g, part(0, [0, 2, 1, 3]), part(1, [0, 2, 3, 1]));
  const weights = g.node('Softmax', [withNumber(g, 'Mul', scores, 'scale', 1 / Math.sqrt(head))], {
    axis: int(-1),
  });
  const mixed = transpose(g, matMul(g, weights, part(2, [0, 2, 1, 3])), [0, 2, 1, 3]);
  const flat = reshape(g, mixed, [images, tokens, width]);
  const attended = binary(
    g,
    'Add',
    x,
    linear(context, flat, `${name}.attn.proj`, [width, width], `${name}.ls1.gamma`),
  );
  const inner = linear(context, norm(context, attended, `${name}.norm2`), `${name}.mlp.fc1`, [width, hidden]);
  const outer = linear(
    context,
    activated(g, inner, 'gelu'),
    `${name}.mlp.fc2`,
    [hidden, width],
    `${name}.ls2.gamma`,
  );
  return binary(g, 'Add', attended, outer);
}

function linear(
  { g, stored }: Context,
  x: Value,
  name: string,
  shape: readonly [number, number],
  scale?: string,
): Value {
  // Read once now, so that a damaged file is refused before anything is written.
  const { bias } = stored.linear(name, scale);
  const weight = g.weights(`${name}.weight`, shape, () => stored.linear(name, scale).filter);
  return binary(
    g,
    'Add',
    matMul(g, x, weight),
    g.weights(`${name}.bias`, [shape[1]], () => bias),
  );
}

function norm({ g, stored, epsilon }: Context, x: Value, name: string): Value {
  const [scale, shift] = [stored.of(`${name}.weight`), stored.of(`${name}.bias`)];
  const width = [length(x, -1)];
  const inputs = [
    g.floats(`${name}.weight`, width, () => scale),
    g.floats(`${name}.bias`, width, () => shift),
  ];
  return g.node('LayerNormalization', [x, ...inputs], { axis: int(-1), epsilon });
}

/** The patches' tokens as a map [N, C, h, w]. */
function mapGraph(g: Graph, tokens: Value, prefix: number, { height, width }: Cells): Value {
  const own = transpose(g, slice(g, tokens, 1, prefix, prefix + height * width), [0, 2, 1]);
  return reshape(g, own, [own.shape[0]!, own.shape[1]!, height, width]);
}

/** The image at a size that has whole patches: bilinear, pixels by their centres. */
function fitted(g: Graph, image: Value, { height, width }: Cells): Value {
  const [h, w] = [length(image, 2), length(image, 3)];
  if (h === height && w === width) return image;
  const rows = g.floats('rows', [height, h], () => denseBand(centredBand(h, height)));
  const columns = g.floats('columns', [w, width], () => denseBand(centredBand(w, width), true));
  return matMul(g, matMul(g, rows, image), columns);
}
