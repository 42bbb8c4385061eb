// What a GPU's compiler makes of the hot kernels, on a machine without a GPU: `npm run --silent bench:instructions`. Mesa's RADV
// compiles for a card that is not there and prints the code; nothing is run. Needs Mesa 25 or newer with its Radeon driver
// (Debian: mesa-vulkan-drivers, from backports on bookworm); VK_DRIVER_FILES names a driver elsewhere, RADV_FORCE_FAMILY
// another card than polaris10. Fails when a hot kernel's inner block spends more than a tenth on anything but multiply-adds, reads more than 4
// vec4 of workgroup memory for 64 of them, or spills registers.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import matrixSource from '../shaders/linear/matrix_product.wgsl';
import nearestTiledSource from '../shaders/search/nearest_tiled.wgsl';
import nearestSource from '../shaders/search/nearest_neighbour.wgsl';
import convolutionSource from '../shaders/convolution/convolution.wgsl';
import tiledSource from '../shaders/linear/tiled_product.wgsl';
import type { ShaderSource } from '../src/lib/gpu/shader';
import { specialise } from '../src/lib/gpu/specialise';
import { TILES, tileSides, TILE_NAMES } from '../src/lib/kernels/linear/tiles';

interface Case {
  name: string;
  source: ShaderSource;
  constants: Record<string, number>;
  /** Whether the gate holds for it. */
  hot: boolean;
}

const LEAST_SHARE = 0.9;
const MOST_READS = 4;

const KINDS = {
  forward: {},
  'input gradient': { RIGHT_TURNED: 1 },
  'filter gradient': { LEFT_TURNED: 1 },
} as const;

const CASES: Case[] = [
  ...TILE_NAMES.flatMap((tile) =>
    Object.entries(KINDS).map(([kind, switches]) => ({
      name: `tiles ${tile}, ${kind}`,
      source: specialise(tiledSource, TILES[tile]),
      constants: { ACTIVATION: 0, ...switches },
      hot: Math.min(...tileSides(tile)) >= 64,
    })),
  ),
  { name: 'matrix product without tiles', source: matrixSource, constants: { COLUMNS: 8 }, hot: false },
  { name: 'convolution without tiles', source: convolutionSource, constants: { ACTIVATION: 0 }, hot: false },
  {
    name: 'nearest neighbour by tiles',
    source: specialise(nearestTiledSource, TILES['64x64x16']),
    constants: {},
    hot: false,
  },
  { name: 'nearest neighbour', source: nearestSource, constants: { FURTHER: 0 }, hot: false },
];

/** Compiles one case in a process of its own, whose driver prints what it makes. */
async function compile({ source, constants }: Case): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('no adapter');
  const device = await adapter.requestDevice();
  await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: source.code }), constants },
  });
  // Whoever holds no instance has it collected, and its device under way with it.
  return gpu;
}

interface Figures {
  fma: number;
  valu: number;
  /** vec4 of workgroup memory read in the block. */
  reads: number;
  registers: number;
  spilled: number;
  waves: number;
}

/** The block with most multiply-adds among those that also read what comes next; without tiles, the one with most. */
function figuresOf(listing: string): Figures | null {
  const [, code, statistics] = /disasm:\n([^]*?)\*\*\* SHADER STATS \*\*\*([^]*?)\*{4}/.exec(listing) ?? [];
  if (!code || !statistics) return null;
  const blocks = code.split(/^BB\d+:$/m).map((block) => {
    const count = (pattern: RegExp) => [...block.matchAll(pattern)].length;
    return {
      fma: count(/^\tv_(mac|mad|fmac|fma)_f32/gm),
      valu: count(/^\tv_/gm),
      reads: count(/^\tds_read_b128/gm),
    };
  });
  const most = Math.max(...blocks.map(({ fma }) => fma));
  // The last step is a copy of the block without the reading: the other one is what runs.
  const [hottest] = blocks.filter(({ fma }) => fma === most).sort((a, b) => b.valu - a.valu);
  const statistic = (name: string) =>
    Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(statistics)?.[1] ?? NaN);
  return {
    ...hottest!,
    registers: statistic('VGPRs'),
    spilled: statistic('Spilled VGPRs'),
    waves: statistic('Subgroups per SIMD'),
  };
}

const FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const FILES = ['radeon_icd.x86_64.json', 'radeon_icd.json', 'radeon_icd.aarch64.json'];

function driver(): string {
  const present = FOLDERS.flatMap((folder) => FILES.map((file) => join(folder, file))).find(existsSync);
  const named = process.env['VK_DRIVER_FILES'] ?? present;
  if (named) return named;
  throw new Error(
    'No Radeon driver here. Install Mesa 25 or newer, or name its JSON file in VK_DRIVER_FILES.',
  );
}

function table(): void {
  const env = {
    RADV_FORCE_FAMILY: 'polaris10',
    ...process.env,
    VK_DRIVER_FILES: driver(),
    RADV_DEBUG: 'shaders,shaderstats,nocache',
  };
  const heads = ['VALU', 'FMA', 'share', 'reads/64', 'registers', 'spilled', 'waves'];
  console.log(['kernel'.padEnd(36), ...heads.map((head) => head.padStart(10))].join(''));
  let failed = 0;
  CASES.forEach((one, index) => {
    const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, String(index)], {
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const figures = figuresOf(stdout + stderr);
    if (!figures) throw new Error(`${one.name} was not compiled: ${stderr.slice(-500)}`);
    const { fma, valu, reads, registers, spilled, waves } = figures;
    const [share, each] = [fma / valu, (64 * reads) / fma];
    const missed = one.hot && (share < LEAST_SHARE || each > MOST_READS || spilled > 0);
    if (missed) failed++;
    const cells = [valu, fma, share.toFixed(3), each.toFixed(1), registers, spilled, waves];
    const mark = missed ? '  MISSED' : one.hot ? '  hot' : '';
    console.log([one.name.padEnd(36), ...cells.map((cell) => String(cell).padStart(10)), mark].join(''));
  });
  process.exitCode = Number(failed > 0);
}

const [, , index] = process.argv;
if (index === undefined) table();
else {
  const held = await compile(CASES[Number(index)]!);
  process.exit(Number(!held));
}
