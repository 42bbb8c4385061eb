// The worked example of docs/kernels.md runs as it stands there, on both backends and back.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { linkWgsl } from '../../../scripts/linkWgsl';
import { describeShader } from '../../../scripts/wgsl';
import { defineKernel } from '../gpu/kernel';
import { Program } from '../gpu/program';
import { tf } from '../gpu/tf';
import { describeBackends } from '../../testing/gpu';

const TEXT = readFileSync('docs/kernels.md', 'utf8');
const blocks = (language: string) =>
  [...TEXT.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'))].map(([, text]) =>
    text!.replace(/^ {3}/gm, ''),
  );

const read = (file: string) => readFileSync(`shaders/${file}`, 'utf8');
const source = await describeShader('scale', linkWgsl('linear/scale.wgsl', blocks('wgsl')[0]!, read));
const script = ts.transpile(`${blocks('ts').join('\n').replace('export ', '')}\nreturn scale;`, {
  target: ts.ScriptTarget.ES2022,
});
const scale = new Function('source', 'tf', 'Program', 'defineKernel', script)(
  source,
  tf,
  Program,
  defineKernel,
) as (x: tf.Tensor, factor: number) => tf.Tensor;

describeBackends('the example of docs/kernels.md', () => {
  it('computes and trains', async () => {
    const x = tf.range(0, 101);
    const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => scale(input, 3))(x);
    expect([...(await value.data())][100]).toBe(300);
    expect(new Set(await grad.data())).toEqual(new Set([3]));
  });
});
