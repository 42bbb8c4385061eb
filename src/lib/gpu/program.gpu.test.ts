// The helper that every kernel stands on: bindings, constants, uniforms, order with tfjs's own operations, and
// that a broken shader or call is heard.
import { expect, it, vi } from 'vitest';
import { describeShader } from '../../../scripts/wgsl';
import { faults } from './faults';
import { settle, webgpuBackend } from './backend';
import { tf } from './tf';
import { describeBackends, describeWebgpu } from '../../testing/gpu';
import { defineKernel } from './kernel';
import { Program, type Run } from './program';

const SCALE = `
struct Call { count : u32, factor : f32 }
override OFFSET = 0.0;
const THREADS = 64u;
@group(0) @binding(0) var<storage, read> unused : array<f32>;
@group(0) @binding(1) var<storage, read> x : array<f32>;
@group(0) @binding(2) var<storage, read_write> y : array<f32>;
@group(0) @binding(3) var<uniform> call : Call;
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) id : vec3u, @builtin(num_workgroups) groups : vec3u,
        @builtin(local_invocation_index) thread : u32) {
  let i = (id.y * groups.x + id.x) * 64 + thread;
  if (i < call.count) { y[i] = call.factor * x[i] + OFFSET; }
}`;
const program = new Program(await describeShader('scale', SCALE));

function scale(x: tf.Tensor1D, factor: number, offset?: number): tf.TensorInfo {
  const backend = webgpuBackend();
  const y = backend.makeTensorInfo(x.shape, 'float32');
  const count = x.shape[0];
  program.run(backend, {
    inputs: [x, x],
    outputs: [y],
    ...(offset === undefined ? {} : { constants: { OFFSET: offset } }),
    uniforms: { factor, count },
    workgroups: Math.ceil(count / 64),
  });
  return y;
}

async function take(info: tf.TensorInfo): Promise<number[]> {
  const tensor = tf.engine().makeTensorFromTensorInfo(info);
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

describeWebgpu('a program', () => {
  it('binds inputs, output and uniforms; an input that the shader ignores does no harm', async () => {
    expect(await take(scale(tf.tensor1d([1, 2, 3]), 2))).toEqual([2, 4, 6]);
  });

  it('refuses integers that were cast to floats: the cast leaves their bits alone', () => {
    const cast = tf.tensor1d([1, 2, 3], 'int32').toFloat() as tf.Tensor1D;
    expect(() => scale(cast, 2)).toThrow(/holds int32 bits/);
  });

  it('keeps one pipeline per set of constants', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    expect(await take(scale(x, 2, 10))).toEqual([12, 14, 16]);
    expect(await take(scale(x, 2, 20))).toEqual([22, 24, 26]);
    expect(await take(scale(x, 3, 10))).toEqual([13, 16, 19]);
  });

  it('keeps its place among the operations of tfjs, over many batches', async () => {
    let x: tf.Tensor1D = tf.ones([5]);
    for (let i = 0; i < 20; i++) {
      const doubled = tf.engine().makeTensorFromTensorInfo(scale(x, 2)) as tf.Tensor1D;
      x = tf.sub(doubled, 1);
    }
    expect([...(await x.data())]).toEqual([1, 1, 1, 1, 1]);
  });

  it('numbers more groups than one dimension holds', async () => {
    const count = 64 * 65_535 + 65;
    const sum = tf.tidy(() => {
      const y = tf.engine().makeTensorFromTensorInfo(scale(tf.ones([count]), 3));
      return y.sub(3).abs().sum();
    });
    expect((await sum.data())[0]).toBe(0);
  });

  it.each<[string, Partial<Run>, RegExp]>([
    [
      'a missing uniform',
      { uniforms: { count: 1 } },
      /scale takes the uniforms count, factor; given are count\./,
    ],
    ['a misspelt one', { uniforms: { count: 1, faktor: 1 } }, /given are count, faktor/],
    ['one too many', { uniforms: { count: 1, factor: 1, offset: 2 } }, /given are count, factor, offset/],
    ['none', { uniforms: {} }, /given are none/],
    [
      'too few inputs',
      { inputs: [] },
      /reads \[unused, x\] and writes \[y\]; given are 0 inputs and 1 outputs/,
    ],
    ['too many outputs', { outputs: [tf.zeros([1]), tf.zeros([1])] }, /2 inputs and 2 outputs/],
    [
      'an unknown constant',
      { constants: { OFSET: 1 } },
      /takes the constants OFFSET \(has a default\); given are OFSET/,
    ],
  ])('refuses %s', (_, wrong, message) => {
    const x = tf.zeros([1]);
    const right = {
      inputs: [x, x],
      outputs: [tf.zeros([1])],
      uniforms: { count: 1, factor: 1 },
      workgroups: 1,
    };
    expect(() => program.run(webgpuBackend(), { ...right, ...wrong })).toThrow(message);
  });

  it('knows the shader’s constants', () => {
    expect(program.constant('THREADS')).toBe(64);
    expect(() => program.constant('TILE')).toThrow('Shader scale has no constant TILE; it has THREADS.');
  });

  it('refuses a tensor that the device cannot bind', () => {
    const backend = webgpuBackend();
    const huge = { dataId: {}, shape: [2 ** 31], dtype: 'float32' as const };
    const run = () =>
      program.run(backend, {
        inputs: [huge, huge],
        outputs: [huge],
        uniforms: { count: 1, factor: 1 },
        workgroups: 1,
      });
    expect(run).toThrow(/maxStorageBufferBindingSize/);
  });
});

describeWebgpu('a shader that does not compile', () => {
  it('reaches the sink with its name and the compiler’s message', async () => {
    const code = `@group(0) @binding(0) var<storage, read_write> y : array<f32>;
@compute @workgroup_size(1) fn main() {
  y[0] = 1u;
}`;
    const broken = new Program(await describeShader('broken', code));
    const heard: string[] = [];
    const stop = faults.subscribe((fault) => heard.push(fault.message));
    const output = webgpuBackend().makeTensorInfo([4], 'float32');
    broken.run(webgpuBackend(), { inputs: [], outputs: [output], workgroups: 1 });
    await vi.waitFor(() =>
      expect(heard.join()).toMatch(/Shader broken does not compile.\nerror 3:\d+: [^]*\n {4}y\[0\] = 1u;/),
    );
    stop();
    await expect(settle()).rejects.toMatchObject({ name: 'GpuFault' });
  });
});

const MULTIPLY = await describeShader(
  'multiply',
  `@group(0) @binding(0) var<storage, read> a : array<f32>;
     @group(0) @binding(1) var<storage, read> b : array<f32>;
     @group(0) @binding(2) var<storage, read_write> c : array<f32>;
     @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
       if (id.x < arrayLength(&c)) { c[id.x] = a[id.x] * b[id.x]; }
     }`,
);

describeBackends('a kernel with a gradient', () => {
  const cube = defineKernel<'x'>({
    name: `TestCube`,
    outputShapes: ({ inputs }) => [inputs.x.shape],
    cpu: ({ values, outputs }) => values.x.forEach((x, i) => (outputs[0]![i] = x ** 3)),
    webgpu: ({ backend, inputs, outputs, scratch }) => {
      const count = inputs.x.shape[0]!;
      const square = scratch([count]);
      const run = (a: tf.TensorInfo, b: tf.TensorInfo, out: tf.TensorInfo) =>
        multiply.run(backend, { inputs: [a, b], outputs: [out], workgroups: Math.ceil(count / 64) });
      run(inputs.x, inputs.x, square);
      run(inputs.x, square, outputs[0]!);
    },
    gradient: { save: ['x'], of: ([dy], { inputs }) => ({ x: () => inputs.x.square().mul(3).mul(dy!) }) },
  });
  const multiply = new Program(MULTIPLY);

  it('runs forward and back without leaving a tensor behind', async () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([1, 2, -3]);
    const { value, grad } = tf.valueAndGrad((input) => cube({ x: input }, {})[0]!.sum())(x);
    expect((await value.data())[0]).toBeCloseTo(-18, 5);
    expect([...(await grad.data())]).toEqual([3, 12, 27]);
    tf.dispose([x, value, grad]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
