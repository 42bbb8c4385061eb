// Every shader of shaders/ must compile without a message; a message fails with line, column and text.
import { expect, it } from 'vitest';
import { backendDevice } from '../gpu/backend';
import { compilationMessages } from '../gpu/shader';
import { describeWebgpu } from '../../testing/gpu';

const SHADERS = import.meta.glob<string>('/shaders/*/*.wgsl', { eager: true, import: 'default' });

describeWebgpu('each shader', () => {
  for (const [path, source] of Object.entries(SHADERS)) {
    const file = path.split('/').at(-1)!;

    it(`${file} compiles`, async () => {
      expect(await compilationMessages(backendDevice(), source)).toEqual([]);
    });

    it(`${file} opens with how its work is cut`, () => {
      const heading = source.slice(0, source.search(/^[^/\n]/m));
      expect(heading.split('\n').length).toBeGreaterThan(3);
      expect(heading).toMatch(/\d/);
    });
  }

  it('shows what is wrong, with line and column', async () => {
    const messages = await compilationMessages(backendDevice(), 'fn broken() -> f32 {\n  return 1u;\n}');
    expect(messages).toEqual([expect.stringMatching(/^error 2:\d+: .*return/)]);
  });
});
