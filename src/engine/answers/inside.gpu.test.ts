// The inside view's numbers against a recomputation in double precision from the model's parameters: where pixels look, the
// bars that add up to the map, and pictures whose colours mean the same for all of them.
import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../lib/gpu/tf';
import { BiGrid } from '../../lib/methods/grad/biGrid';
import type { ModelConfig } from '../../lib/methods/grad/config';
import { answer } from '../../lib/scoring/answer';
import { describeAllBackends } from '../../testing/gpu';
import type { ModelState } from '../models/modelState';
import { InsideLook } from './inside';
import type { InsideRequest } from '../api/types';

const [SIDE, CHANNELS] = [4, 6];
const CONFIG: ModelConfig = {
  ...{ method: 'grad', channels: CHANNELS, height: SIDE, width: SIDE, decoder: 'mobile', blocks: 1 },
  ...{ expansion: 1, localGrid: 3, globalGrid: 2, fusion: 'w', lambda: 0.5 },
};
const REQUEST: InsideRequest = { image: 'a', block: null, fusionValue: null, refine: true, part: 0, cell: 5 };
const axis = { size: SIDE, span: SIDE, starts: [0] };

function features(image: string): tf.Tensor4D {
  const values = Float32Array.from({ length: SIDE * SIDE * CHANNELS }, (_, i) =>
    Math.sin(image.charCodeAt(0) + i * 0.7),
  );
  return tf.tensor4d(values, [1, SIDE, SIDE, CHANNELS]);
}

function stateOf(model: BiGrid): ModelState {
  const features = { backbone: 'mini_resnet' } as ModelState['features'];
  return { model, statistics: { sigma: 0.7, channels: null }, fusionValue: -0.2, features };
}

/** Linear, tanh, linear, tanh. */
async function mapping(model: BiGrid, name: string, x: Float32Array): Promise<number[]> {
  const values = async (what: string) => {
    const found = model.parameters.find((parameter) => parameter.name === `coordinates.${name}.${what}`)!;
    return found.variable.data();
  };
  let out: number[] = [...x];
  for (const layer of ['hidden', 'output']) {
    const [weight, bias] = [await values(`${layer}.weight`), await values(`${layer}.bias`)];
    const width = bias.length;
    out = Array.from({ length: width }, (_, o) =>
      Math.tanh(out.reduce((sum, value, i) => sum + value * weight[i * width + o]!, bias[o]!)),
    );
  }
  return out;
}

describeAllBackends('the way inside', () => {
  let model: BiGrid;
  let look: InsideLook;
  let state: ModelState | null;
  beforeAll(() => {
    model = BiGrid.create(CONFIG, 3);
    state = stateOf(model);
    look = new InsideLook({
      parts: async (id) => ({ ids: [id], layout: { columns: axis, rows: axis } }),
      features: async (part) => features(part),
      trainingParts: () => ['a', 'b'],
      model: () => state,
      pixels: () => false,
    });
    return () => {
      look.clear();
      model.dispose();
    };
  });

  it('adds up to the map at every pixel, and leaves no tensors but what it keeps', async () => {
    const phi = features('a');
    const found = answer(state!, phi, { size: SIDE, smooth: 'none', refine: true });
    const map = await found.maps.fused.data();
    tf.dispose([phi, found as typeof found & tf.NamedTensorMap]);
    const inside = await look.show(REQUEST);
    const kept = tf.memory().numTensors;
    const { value: w } = inside.grids!.fusion!;
    expect([...inside.map!.values]).toEqual([...map]);
    for (let cell = 0; cell < SIDE * SIDE; cell++) {
      const { vectors, value } = (await look.read(cell))!;
      const pre = vectors.phi.map((_, c) => vectors.normal![c]! + w * vectors.abnormal![c]!);
      const sum = (of: (c: number) => number) =>
        Array.from({ length: CHANNELS }, (_, c) => c).reduce((total, c) => total + of(c), 0);
      const square = sum((c) => (pre[c]! - vectors.phi[c]!) ** 2);
      const cosine = sum((c) => pre[c]! * vectors.phi[c]!) / Math.sqrt(sum((c) => pre[c]! ** 2) * sum((c) => vectors.phi[c]! ** 2)); // prettier-ignore
      const alike = 0.3 * (square / CHANNELS <= 10 ? 1 : 0) + 0.7 * cosine;
      expect(inside.grids!.sum!.similarity[cell]).toBeCloseTo(alike, 4);
      const left = Math.sqrt(sum((c) => ((1 - alike) * (pre[c]! - vectors.phi[c]!)) ** 2));
      expect(value).toBeCloseTo(left, 4);
      expect(value).toBe(map[cell]);
    }
    await look.show({ ...REQUEST, cell: null });
    expect(tf.memory().numTensors).toBe(kept);
  });

  it('says where each pixel and the whole image look', async () => {
    const { grids, cell } = await look.show(REQUEST);
    const [x, y] = await mapping(model, 'local', cell!.vectors.phi);
    expect(grids!.local[2 * 5]).toBeCloseTo(x!, 5);
    expect(grids!.local[2 * 5 + 1]).toBeCloseTo(y!, 5);
    const phi = features('a');
    const all = await phi.data<'float32'>();
    phi.dispose();
    const mean = Float32Array.from({ length: CHANNELS }, (_, c) =>
      all.reduce((sum, value, i) => sum + (i % CHANNELS === c ? value / (SIDE * SIDE) : 0), 0),
    );
    const [gx, gy] = await mapping(model, 'global', mean);
    expect(grids!.global[0]).toBeCloseTo(gx!, 5);
    expect(grids!.global[1]).toBeCloseTo(gy!, 5);
  });

  it('draws tables cell by cell, and keeps the meaning of colours', async () => {
    const first = await look.show(REQUEST);
    const { normal, abnormal } = first.grids!;
    expect([normal!.local.width, normal!.local.height]).toEqual([3, 3]);
    expect(normal!.global).toMatchObject({ cells: 2, width: 2 * SIDE, height: 2 * SIDE });
    expect(abnormal!.rebuilt.rgb).toHaveLength(SIDE * SIDE * 3);
    await look.show({ ...REQUEST, image: 'c' });
    expect((await look.show(REQUEST)).features).toEqual(first.features);
  });

  it('shows a pasted block, a fusion set by hand, and no refinement', async () => {
    const block = { shape: 'square', size: 0, intensity: 4, x: 1, y: 1, seed: 0, steps: 0 } as const;
    const plain = await look.show({ ...REQUEST, refine: false });
    const changed = await look.show({ ...REQUEST, refine: false, block, fusionValue: 0.5 });
    expect(plain.grids!.sum!.similarity.every((value) => Math.abs(value) < 1e-5)).toBe(true);
    expect(changed.grids!.fusion!.value).toBe(0.5);
    // sigma 0.7, four of them at the middle of the 3 x 3 blur.
    expect(changed.cell!.vectors.phi[0]! - plain.cell!.vectors.phi[0]!).toBeGreaterThan(0.7);
  });

  it('shows the features alone while there is no model', async () => {
    state = null;
    const inside = await look.show(REQUEST);
    expect(inside).toMatchObject({
      grids: null,
      comparison: null,
      map: null,
      width: SIDE,
      channels: CHANNELS,
    });
    expect(inside.cell).toMatchObject({ value: null, vectors: { normal: null } });
    state = stateOf(model);
  });
});
