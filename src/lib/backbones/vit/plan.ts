// Plans of vision transformers (Dosovitskiy et al. 2021; registers: Darcet et al. 2024) in timm's naming, as DINOv2 published
// them: patches and tokens, blocks with layer scale, and the norm that the last block's features go through.
import type { Block, Plan } from '../plan';
import type { TokenLayer } from './layers';

export interface TransformerRow {
  family: 'transformer';
  patch: number;
  width: number;
  depth: number;
  heads: number;
  registers: number;
  grid: number;
}

/** Width of a block's network as a multiple of the tokens'. */
const MLP_RATIO = 4;
const EPSILON = 1e-6;

/**
 * The plan of a vision transformer. Blocks are called `blocks.0` and so on; `norm` means the last block's tokens after the
 * final norm. Where there are registers, the class token has no place in the position embedding, as in timm.
 */
export function transformerPlan({ patch, width, depth, heads, registers, grid }: TransformerRow): Plan {
  const embedding = { kind: 'patches', stride: patch, output: width, registers, grid } as const;
  const block = (layer: TokenLayer, name: string): Block => ({
    name,
    stage: name,
    layers: [layer],
    shortcut: 'none',
    activation: 'linear',
  });
  const blocks = Array.from({ length: depth }, (_, index) => {
    const name = `blocks.${index}`;
    const shape = { stride: 1, output: width, heads, hidden: MLP_RATIO * width } as const;
    return block({ kind: 'transformer', name, ...shape }, name);
  });
  const norm = block({ kind: 'tokenNorm', name: 'norm', stride: 1, output: width }, 'norm');
  return {
    padding: 'symmetric',
    epsilon: EPSILON,
    blocks: [block(embedding, 'patch_embed'), ...blocks, norm],
  };
}
