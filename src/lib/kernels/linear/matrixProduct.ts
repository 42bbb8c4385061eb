// Matrix products of tensors stored in any direction, deterministic (shaders/linear/matrix_product.wgsl; on a GPU mostly by tiles,
// tiledProduct.ts): what the linear layer and its gradients are made of (linear.ts). No gradient of its own.
import productSource from '../../../../shaders/linear/matrix_product.wgsl';
import sumSource from '../../../../shaders/linear/sum_slices.wgsl';
import type { tf, WebGPUBackend } from '../../gpu/tf';
import { defineKernel, type WasmCall } from '../../gpu/kernel';
import { heapValues } from '../../gpu/processor';
import { Program } from '../../gpu/program';
import { line, multiplyTiled, type TiledSizes } from './tiledProduct';
import type { Tiling } from './tiles';
import { tilesPay, tilingOf } from './tiling';

/** How a matrix lies in memory: element (i, k) at i * row + k * column. */
export interface Strides {
  row: number;
  column: number;
}

/** C [rows, columns] = A [rows, inner] B [inner, columns]. */
export interface ProductSizes {
  rows: number;
  inner: number;
  columns: number;
  a: Strides;
  b: Strides;
}

/** A matrix [?, columns] as it lies. */
export const plain = (columns: number): Strides => ({ row: columns, column: 1 });
/** A matrix [?, columns] read as its transpose. */
export const transposed = (columns: number): Strides => ({ row: 1, column: columns });
/** A single number read as a matrix of any size. */
export const repeated: Strides = { row: 0, column: 0 };

const programs = {
  product: new Program(productSource),
  sum: new Program(sumSource),
};

/** Elements of a thread per side, and threads of a workgroup. */
const SIDE = programs.product.constant('SIDE');
const THREADS = programs.product.constant('THREADS');
/** An inner sum is cut into slices of about this length, as long as there are fewer workgroups than that. */
const [SLICE, ENOUGH_GROUPS] = [256, 256];

/** The product as an operation: a, b -> [rows, columns]. */
export const matrixProduct = defineKernel<'a' | 'b', ProductSizes>({
  name: 'MatrixProduct',
  outputShapes: ({ attributes: { rows, columns } }) => [[rows, columns]],
  cpu: ({ values: { a, b }, attributes, outputs }) => multiplyOnCpu(a, b, null, attributes, outputs[0]!),
  webgpu: ({ backend, inputs: { a, b }, attributes, outputs, scratch }) =>
    multiplyOnGpu({ backend, a, b, bias: null, sizes: attributes, product: outputs[0]!, scratch }),
  wasm: (call) => [multiplyOnWasm(call, { ...call.inputs, bias: null }, call.attributes)],
});

/** The numeric reference. */
export function multiplyOnCpu(
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array | null,
  sizes: ProductSizes,
  product: Float32Array,
): void {
  for (let i = 0; i < sizes.rows; i++) {
    for (let j = 0; j < sizes.columns; j++) {
      let sum = bias ? bias[j]! : 0;
      for (let k = 0; k < sizes.inner; k++) {
        sum += a[i * sizes.a.row + k * sizes.a.column]! * b[k * sizes.b.row + j * sizes.b.column]!;
      }
      product[i * sizes.columns + j] = sum;
    }
  }
}

export interface GpuProduct {
  backend: WebGPUBackend;
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  /** [columns], added to every row; a product with a bias is not cut into slices. */
  bias: tf.TensorInfo | null;
  sizes: ProductSizes;
  product: tf.TensorInfo;
  scratch(shape: number[]): tf.TensorInfo;
}

export function multiplyOnGpu(call: GpuProduct): void {
  const { backend, a, b, bias, sizes, product, scratch } = call;
  const tiled = tilesPay(backend) ? asTiled(sizes) : null;
  const tiling = tiled && tilingOf(tiled);
  if (tiling) return multiplyByTiles(call, tiled, tiling);
  const { rows, inner, columns } = sizes;
  const across = threadsAcross(columns);
  const tile = { columns: across * SIDE, rows: (THREADS / across) * SIDE };
  const groups = [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows)] as const;
  const slices = bias ? 1 : sliceCount(inner, groups[0] * groups[1]);
  const slice = Math.ceil(inner / slices);
  const count = rows * columns;
  const partials = slices === 1 ? product : scratch([slices, count]);
  programs.product.run(backend, {
    inputs: [a, b, bias ?? b],
    outputs: [partials],
    constants: { COLUMNS: across },
    uniforms: { ...stridesOf(sizes), rows, columns, inner, slice, biased: Number(bias !== null) },
    workgroups: [...groups, slices],
  });
  if (slices === 1) return;
  programs.sum.run(backend, {
    inputs: [partials],
    outputs: [product],
    uniforms: { count, slices },
    workgroups: Math.ceil(count / programs.sum.constant('THREADS')),
  });
}

/** The same product for tiles; null where a matrix does not lie in vectors of four. */
function asTiled({ rows, inner, columns, a, b }: ProductSizes): TiledSizes | null {
  const [leftTurned, rightTurned] = [isTurned(a, rows), isTurned(b, inner)];
  const plainLeft = a.column === 1 && a.row === inner;
  const plainRight = b.column === 1 && b.row === columns;
  if (!(leftTurned || plainLeft) || !(rightTurned || plainRight)) return null;
  if (columns % 4 !== 0 || (leftTurned ? rows : inner) % 4 !== 0 || (rightTurned && inner % 4 !== 0))
    return null;
  const map = leftTurned ? line(inner, rows) : line(rows, inner);
  return { rows, columns, taps: 1, inner, map, leftTurned, rightTurned };
}

/** Whether a matrix of so many rows lies column by column. */
const isTurned = ({ row, column }: Strides, rows: number): boolean => row === 1 && column === rows;

function multiplyByTiles(
  { backend, a, b, bias, product, scratch }: GpuProduct,
  sizes: TiledSizes,
  tiling: Tiling,
): void {
  multiplyTiled({
    backend,
    inputs: { x: a, weight: b, bias: bias ?? b, residual: b, gate: b },
    attributes: { sizes, tiling, activation: 'linear', biased: bias !== null, added: false, gated: false },
    product,
    scratch,
  });
}

/** Threads of a workgroup side by side; few choices, because each is a pipeline. */
function threadsAcross(columns: number): 1 | 4 | 8 {
  if (columns <= SIDE) return 1;
  return columns <= 4 * SIDE ? 4 : 8;
}

/** How often the inner sum is cut: only where there would otherwise be too few workgroups. */
function sliceCount(inner: number, groups: number): number {
  const slices = Math.min(Math.ceil(ENOUGH_GROUPS / groups), Math.ceil(inner / SLICE));
  const length = Math.ceil(inner / slices);
  // Rounding up the length can leave the last slices empty.
  return Math.ceil(inner / length);
}

function stridesOf({ a, b }: ProductSizes) {
  return { aRow: a.row, aColumn: a.column, bRow: b.row, bColumn: b.column };
}

/** By XNNPACK, which wants both matrices as they lie; what is stored the other way round is turned first. */
export function multiplyOnWasm(
  { backend, run }: Pick<WasmCall<string, object>, 'backend' | 'run'>,
  { a, b, bias }: { a: tf.TensorInfo; b: tf.TensorInfo; bias: tf.TensorInfo | null },
  sizes: ProductSizes,
): tf.TensorInfo {
  const { rows, inner, columns } = sizes;
  const turned: tf.TensorInfo[] = [];
  const left = straight(a, sizes.a, [rows, inner]);
  const right = straight(b, sizes.b, [inner, columns]);
  const product =
    left && right
      ? run('BatchMatMul', { a: left, b: right }, { transposeA: false, transposeB: false })
      : onHeap();
  if (bias && left && right) addBias(heapValues(product), heapValues(bias));
  for (const { dataId } of turned) backend.disposeData(dataId);
  return product;

  function straight(matrix: tf.TensorInfo, strides: Strides, shape: [number, number]): tf.TensorInfo | null {
    const [height, width] = shape;
    if (strides.column === 1 && strides.row === width) return { ...matrix, shape };
    if (strides.row !== 1 || strides.column !== height) return null;
    const x = { ...matrix, shape: [width, height] };
    const result = run('Transpose', { x }, { perm: [1, 0] });
    turned.push(result);
    return result;
  }

  function onHeap(): tf.TensorInfo {
    const result = backend.makeOutput([rows, columns], 'float32');
    const values = [a, b, ...(bias ? [bias] : []), result].map(heapValues);
    const into = values.pop()!;
    if (sizes.a === repeated && !bias && rows === 1) sumRows(values[0]![0]!, values[1]!, into);
    else multiplyOnCpu(values[0]!, values[1]!, values[2] ?? null, sizes, into);
    return result;
  }
}

function addBias(rows: Float32Array, bias: Float32Array): void {
  for (let at = 0; at < rows.length; at += bias.length) {
    for (let j = 0; j < bias.length; j++) rows[at + j]! += bias[j]!;
  }
}

/** factor times the sum of all rows. */
function sumRows(factor: number, rows: Float32Array, into: Float32Array): void {
  const sums = new Float64Array(into.length);
  for (let at = 0; at < rows.length; at += sums.length) {
    for (let j = 0; j < sums.length; j++) sums[j]! += rows[at + j]!;
  }
  for (let j = 0; j < sums.length; j++) into[j] = factor * sums[j]!;
}
