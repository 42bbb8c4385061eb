// The layers of a vision transformer as plain data: their tensors in timm's naming, and what they cost.

/** Cuts the image into squares, each a token, and puts the class token and the registers before them. */
export interface PatchEmbedding {
  kind: 'patches';
  /** Side of a square in pixels. */
  stride: number;
  output: number;
  registers: number;
  /** Cells per side of the grid that the position embedding was trained on. */
  grid: number;
}

/** Attention and a two-layer network, each with a norm before and a scale per channel behind, each added to what came in. */
export interface TransformerBlock {
  kind: 'transformer';
  /** Prefix of its tensors: `blocks.3`. */
  name: string;
  stride: 1;
  output: number;
  heads: number;
  /** Width between the two layers of its network. */
  hidden: number;
}

/** Layer norm of every token. */
export interface TokenNorm {
  kind: 'tokenNorm';
  name: string;
  stride: 1;
  output: number;
}

export type TokenLayer = PatchEmbedding | TransformerBlock | TokenNorm;

/** Tokens before those of the patches: the class token and the registers. */
export const prefixOf = ({ registers }: PatchEmbedding): number => 1 + registers;

/** Name and shape of every tensor of a layer, in timm's order. */
export function tokenTensors(layer: TokenLayer): [string, number[]][] {
  const { output: width } = layer;
  const norm = (name: string): [string, number[]][] => [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
  const linear = (name: string, inputs: number, outputs: number): [string, number[]][] => [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ];
  if (layer.kind === 'tokenNorm') return norm(layer.name);
  if (layer.kind === 'patches') {
    const { grid, registers, stride } = layer;
    const places = grid * grid + Number(registers === 0);
    return [
      ['cls_token', [1, 1, width]],
      ...(registers > 0 ? [['reg_token', [1, registers, width]] satisfies [string, number[]]] : []),
      ['pos_embed', [1, places, width]],
      [PATCH_FILTER, [width, 3, stride, stride]],
      ['patch_embed.proj.bias', [width]],
    ];
  }
  const { name, hidden } = layer;
  return [
    ...norm(`${name}.norm1`),
    ...linear(`${name}.attn.qkv`, width, 3 * width),
    ...linear(`${name}.attn.proj`, width, width),
    [`${name}.ls1.gamma`, [width]],
    ...norm(`${name}.norm2`),
    ...linear(`${name}.mlp.fc1`, width, hidden),
    ...linear(`${name}.mlp.fc2`, hidden, width),
    [`${name}.ls2.gamma`, [width]],
  ];
}

export const PATCH_FILTER = 'patch_embed.proj.weight';

/** Multiply-adds of a layer for an image of `cells` patches. */
export function tokenMacs(layer: TokenLayer, { cells, prefix }: { cells: number; prefix: number }): number {
  const { output: width } = layer;
  if (layer.kind === 'patches') return cells * 3 * layer.stride ** 2 * width;
  if (layer.kind === 'tokenNorm') return 0;
  const tokens = cells + prefix;
  return tokens * width * (4 * width + 2 * layer.hidden) + 2 * tokens * tokens * width;
}
