// The family: one row an architecture. Adding one is adding a row; its plan, its cost, its tensors and its
// recognition in a file follow. Published weights and their normalisation: hubTable.ts.
import { UnknownBackbone, UnknownTap } from './errors';
import { invertedBottleneckPlan, type InvertedBottleneckRow } from './invertedBottleneck';
import { blockOfTap, cutAfter, stagesOf, type Plan } from './plan';
import { resnetPlan, type ResNetRow } from './resnet';
import { transformerPlan, type TransformerRow } from './vit/plan';

type Row = InvertedBottleneckRow | ResNetRow | TransformerRow;

/** EfficientNet's compound scaling: [width, depth] of B0 to B7. */
const SCALES: [number, number][] = [
  [1.0, 1.0],
  [1.0, 1.1],
  [1.1, 1.2],
  [1.2, 1.4],
  [1.4, 1.8],
  [1.6, 2.2],
  [1.8, 2.6],
  [2.0, 3.1],
];

function efficientnets(): Record<string, Row> {
  const rows: Record<string, Row> = {};
  SCALES.forEach(([width, depth], b) => {
    const scale = { family: 'efficientnet', width, depth } as const;
    rows[`efficientnet_b${b}`] = { ...scale, padding: 'symmetric', epsilon: 1e-5 };
    // Ported from TensorFlow: the same tensors, its padding, its epsilon.
    rows[`tf_efficientnet_b${b}`] = { ...scale, padding: 'same', epsilon: 1e-3 };
  });
  return rows;
}

/** DINOv2's (Oquab et al. 2024), trained at 518 px: a grid of 37 x 37 patches. */
const dinov2 = (width: number, registers: number): TransformerRow => ({
  family: 'transformer',
  ...{ patch: 14, width, depth: 12, heads: width / 64, registers, grid: 37 },
});

const ROWS: Record<string, Row> = {
  mini_resnet: { family: 'resnet', block: 'basic', stem: 32, repeats: [1, 2, 2], channels: 32, width: 1 },
  mobilenetv2_100: { family: 'mobilenetv2', width: 1, depth: 1, padding: 'symmetric', epsilon: 1e-5 },
  ...efficientnets(),
  resnet18: { family: 'resnet', block: 'basic', stem: 64, repeats: [2, 2, 2], channels: 64, width: 1 },
  resnet50: { family: 'resnet', block: 'bottleneck', stem: 64, repeats: [3, 4, 6], channels: 64, width: 1 },
  wide_resnet50_2: {
    family: 'resnet',
    block: 'bottleneck',
    stem: 64,
    repeats: [3, 4, 6],
    channels: 64,
    width: 2,
  },
  vit_small_patch14_dinov2: dinov2(384, 0),
  vit_small_patch14_reg4_dinov2: dinov2(384, 4),
  vit_base_patch14_dinov2: dinov2(768, 0),
  vit_base_patch14_reg4_dinov2: dinov2(768, 4),
};

/** The backbone that ships with the page. */
export const BUNDLED_BACKBONE = 'mini_resnet';

/** Every architecture's id, in timm's naming. */
export const BACKBONE_IDS: readonly string[] = Object.keys(ROWS);

/**
 * The stages whose last block gives the stride-8 and the stride-16 features (METHOD: "layers 3 and 4"). All blocks of a
 * transformer have one stride: there it is the middle and a block before the last ones, the ends of the two groups of
 * layers that Dinomaly (Guo et al. 2025) takes features from.
 */
export function defaultTaps(id: string): string[] {
  const { family } = rowOf(id);
  if (family === 'transformer') return ['blocks.5', 'blocks.9'];
  return family === 'resnet' ? ['layer2', 'layer3'] : ['blocks.2', 'blocks.4'];
}

/** The whole plan the table knows: up to stride 16, a transformer's to its end. @throws UnknownBackbone. */
export function wholePlan(id: string): Plan {
  const row = rowOf(id);
  if (row.family === 'transformer') return transformerPlan(row);
  return row.family === 'resnet' ? resnetPlan(row) : invertedBottleneckPlan(row);
}

/**
 * The plan of an architecture up to the deepest of the stages or blocks to tap.
 * @throws UnknownBackbone; UnknownTap when one does not exist or none is named.
 */
export function planOf(id: string, taps: readonly string[] = defaultTaps(id)): Plan {
  const plan = wholePlan(id);
  const unknown = taps.find((tap) => blockOfTap(plan, tap) < 0);
  if (unknown !== undefined || taps.length === 0) throw new UnknownTap(id, unknown ?? '', stagesOf(plan));
  return cutAfter(
    plan,
    taps.reduce((a, b) => (blockOfTap(plan, a) > blockOfTap(plan, b) ? a : b)),
  );
}

function rowOf(id: string): Row {
  const row = Object.hasOwn(ROWS, id) ? ROWS[id] : undefined;
  if (!row) throw new UnknownBackbone(id, BACKBONE_IDS);
  return row;
}
