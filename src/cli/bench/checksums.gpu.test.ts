// The checksums mean something only if they leave nothing out: every shader runs, at every value of its switches.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import { Program } from '../../lib/gpu/program';
import { describeWebgpu } from '../../testing/gpu';
import { CHECKSUM_CASES } from './checksumCases';
import { differences, digestOf, OtherAdapter } from './checksums';

const SHADERS = Object.keys(import.meta.glob(['/shaders/*/*.wgsl', '!/shaders/shared/*']));
const SWITCHES = ['DIFFERENCE', 'FLIPPED', 'FURTHER', 'GATED', 'REFINE', 'RESIDUAL', 'UNBIASED'];

describeWebgpu('the cases of the checksums', () => {
  const runs = vi.spyOn(Program.prototype, 'run');
  const drawn = vi.spyOn(OverlayRenderer.prototype, 'renderToPixels');
  const digests = new Map<string, string>();
  beforeAll(async () => {
    for (const { name, run } of CHECKSUM_CASES) digests.set(name, digestOf(await run()));
  });
  afterAll(() => vi.restoreAllMocks());

  it('run every shader', () => {
    // Behind a shader's name stand the numbers that were filled in.
    const fileOf = ({ name }: Program) => `${name.replace(/(_\d+)+(_rolled)?$/, '')}.wgsl`;
    const ran = new Set((runs.mock.contexts as Program[]).map(fileOf));
    if (drawn.mock.calls.length > 0) ran.add('overlay.wgsl');
    expect(SHADERS.filter((path) => !ran.has(path.split('/').at(-1)!))).toEqual([]);
  });

  it('turn every switch on and off', () => {
    for (const name of SWITCHES) {
      const values = runs.mock.calls.map(([, { constants }]) => constants?.[name]);
      expect(new Set(values.filter((value) => value !== undefined)), name).toEqual(new Set([0, 1]));
    }
  });

  it('have names and results of their own', () => {
    expect(digests.size).toBe(CHECKSUM_CASES.length);
    expect(new Set(digests.values()).size).toBe(CHECKSUM_CASES.length);
  });

  it('say which differ, and refuse another adapter', () => {
    const before = { adapter: 'a', digests: { same: '1', other: '2', gone: '3' } };
    const after = { adapter: 'a', digests: { same: '1', other: '4', new: '5' } };
    expect(differences(before, after)).toEqual(['other has other bits', 'gone is gone', 'new is new']);
    expect(() => differences(before, { ...after, adapter: 'b' })).toThrow(OtherAdapter);
  });
});
