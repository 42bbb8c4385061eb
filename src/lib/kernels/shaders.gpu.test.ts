// Every shader of shaders/, linked with what it imports, must compile without a message; a message fails with line, column
// and text.
import { expect, it } from 'vitest';
import { backendDevice } from '../gpu/backend';
import { compilationMessages, type ShaderSource } from '../gpu/shader';
import { describeWebgpu } from '../../testing/gpu';

const SHADERS = import.meta.glob<ShaderSource>(['/shaders/*/*.wgsl', '!/shaders/shared/*'], {
  eager: true,
  import: 'default',
});

describeWebgpu('each shader', () => {
  for (const { name, code, workgroupSize } of Object.values(SHADERS)) {
    it(`${name} compiles`, async () => {
      expect(await compilationMessages(backendDevice(), code)).toEqual([]);
    });

    it(`${name} keeps to what every adapter has`, () => {
      const [x, y, z] = workgroupSize ?? [1, 1, 1];
      expect(x * y * z).toBeLessThanOrEqual(256);
    });
  }

  it('shows what is wrong, with line, column and text', async () => {
    const messages = await compilationMessages(backendDevice(), 'fn broken() -> f32 {\n  return 1u;\n}');
    expect(messages).toEqual([expect.stringMatching(/^error 2:\d+: .*\n {4}return 1u;$/s)]);
  });
});
