// The family: one row an architecture. Adding one is adding a row; its plan, its cost, its tensors and its
// recognition in a file follow. Published weights and their normalisation: hubTable.ts.
import { UnknownBackbone, UnknownTap } from './errors';
import { invertedBottleneckPlan, type InvertedBottleneckRow } from './invertedBottleneck';
import { blockOfTap, cutAfter, stagesOf, type Plan } from './plan';
import { resnetPlan, type ResNetRow } from './resnet';

type Row = InvertedBottleneckRow | ResNetRow;

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
};

/** The backbone that ships with the page. */
export const BUNDLED_BACKBONE = 'mini_resnet';

/** Every architecture's id, in timm's naming. */
export const BACKBONE_IDS: readonly string[] = Object.keys(ROWS);

/** The stages whose last block gives the stride-8 and the stride-16 features (METHOD: "layers 3 and 4"). */
export function defaultTaps(id: string): string[] {
  return rowOf(id).family === 'resnet' ? ['layer2', 'layer3'] : ['blocks.2', 'blocks.4'];
}

/** The whole plan the table knows: up to stride 16. @throws UnknownBackbone. */
export function wholePlan(id: string): Plan {
  const row = rowOf(id);
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
