// The measuring program of bench/device.sh: one section after the other, each with what it found or why it failed, until the
// time is over. Writes report.md for people and tuned.json for programs into $OUT, anew after every section.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settle, startBackend } from '../../src/lib/gpu/backend';
import { requestGpu, type Gpu } from '../../src/lib/gpu/device';
import { installDawn } from '../../src/lib/gpu/node';
import { ROOFS } from '../../src/cli/bench/ledger/roofline';
import { profilePhase, profileTable, type PhaseTimes } from '../../src/cli/bench/profile';
import { sceneOf, type PhaseName } from '../../src/cli/bench/scenes';
import { presetParams, type PresetName } from '../../src/settings/presets';
import { copyBandwidth } from './bandwidth';
import { checkVariants, timeVariants, type Deviation, type Timing } from './products';

const tiny = process.argv.includes('--tiny');
const out = process.env.OUT ?? '.';
/** Sections that would begin later than this are left out, in seconds. */
const LAST_START = 230;
/** Products are swept for so long, in seconds. */
const SWEEP = 90;
/** Rounding of float32 sums of up to 5,000 terms. */
const TOLERANCE = 2e-5;

interface PhaseTiming {
  preset: PresetName;
  phase: PhaseName;
  milliseconds: number;
}

interface Results {
  adapter: Record<string, unknown>;
  bandwidth: Record<string, number>;
  deviations: Deviation[];
  timings: Timing[];
  phases: PhaseTiming[];
  profiles: (PhaseTimes & { preset: PresetName })[];
  seconds: Record<string, number>;
  failures: Record<string, string>;
  torch: Record<string, unknown> | null;
}

const results: Results = {
  ...{ adapter: {}, bandwidth: {}, deviations: [], timings: [], phases: [], profiles: [] },
  ...{ seconds: {}, failures: {}, torch: null },
};

const started = performance.now();

/** One section; a failure is noted and the next one begins. */
async function section(name: string, work: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  if (begun - started > 1000 * LAST_START) {
    results.failures[name] = 'left out, the time was over';
    return;
  }
  try {
    await work();
    await settle();
  } catch (error) {
    results.failures[name] = error instanceof Error ? error.message : String(error);
  }
  results.seconds[name] = (performance.now() - begun) / 1000;
  console.log(`${name}: ${results.seconds[name].toFixed(1)} s ${results.failures[name] ?? ''}`);
  await write();
}

/** Phases of the program, the first of which matter most. */
const PHASES: [PresetName, PhaseName, number][] = tiny
  ? [
      ['demo', 'live update', 3],
      ['demo', 'stage 2 step', 2],
    ]
  : [
      ['paper', 'live update', 200],
      ['paper', 'camera frame', 100],
      ['paper', 'stage 2 step', 20],
      ['paper', 'stage 1 step', 20],
      ['paper', 'features of 1', 100],
      ['paper', 'features of 16', 20],
      ['balanced', 'live update', 200],
      ['balanced', 'stage 2 step', 20],
      ['demo', 'live update', 200],
      ['demo', 'stage 2 step', 50],
    ];

const PROFILED: [PresetName, PhaseName][] = tiny
  ? [['demo', 'live update']]
  : [
      ['paper', 'live update'],
      ['paper', 'stage 2 step'],
      ['paper', 'features of 1'],
      ['balanced', 'live update'],
    ];

/** Milliseconds of a phase, the GPU's work with it, over `runs` or for ten seconds. */
async function timePhase(preset: PresetName, phase: PhaseName, runs: number): Promise<void> {
  const scene = await sceneOf(phase, { params: presetParams(preset), random: true, canvas: null });
  if (!scene) return;
  try {
    for (let run = 0; run < 3; run++) await scene.work();
    await settle();
    const start = performance.now();
    let done = 0;
    while (done < runs && performance.now() - start < 10_000) {
      await scene.work();
      done++;
    }
    await settle();
    results.phases.push({ preset, phase, milliseconds: (performance.now() - start) / done });
  } finally {
    await scene.end();
  }
}

async function describe({ device, adapterInfo, software }: Gpu): Promise<void> {
  const { vendor, architecture, description } = adapterInfo;
  const { subgroupMatrixConfigs = [] } = adapterInfo as { subgroupMatrixConfigs?: unknown[] };
  const limits = [
    'maxBufferSize',
    'maxComputeWorkgroupStorageSize',
    'maxComputeInvocationsPerWorkgroup',
  ] as const;
  results.adapter = {
    ...{ vendor, architecture, description, software, subgroupMatrixConfigs },
    features: [...device.features],
    limits: Object.fromEntries(limits.map((limit) => [limit, device.limits[limit]])),
  };
}

async function run(): Promise<void> {
  const torch = await readFile(join(out, 'torch.json'), 'utf8').catch(() => 'null');
  results.torch = JSON.parse(torch) as Results['torch'];
  await installDawn({ software: tiny, exactTimes: true });
  const gpu = await requestGpu();
  await startBackend(gpu);
  await section('adapter', () => describe(gpu));
  await section('copy bandwidth', async () => {
    results.bandwidth = await copyBandwidth(gpu.device, tiny ? 2 ** 22 : 2 ** 30);
  });
  await section('correctness', async () => void (results.deviations = await checkVariants(tiny)));
  await section('products', async () => {
    results.timings = await timeVariants(gpu.device, tiny, performance.now() + 1000 * SWEEP);
  });
  for (const [preset, phase, runs] of PHASES) {
    await section(`${preset}, ${phase}`, () => timePhase(preset, phase, runs));
  }
  for (const [preset, phase] of PROFILED) {
    await section(`kernels of ${preset}, ${phase}`, async () => {
      const times = await profilePhase(gpu, preset, phase);
      if (times) results.profiles.push({ ...times, preset });
    });
  }
}

/** For each shape the fastest variant that is right. */
function chosen(): Record<string, Timing> {
  const wrong = new Set(results.deviations.filter((one) => !isRight(one)).map(({ variant }) => variant));
  const best: Record<string, Timing> = {};
  for (const timing of results.timings) {
    const before = best[timing.shape];
    if (wrong.has(timing.variant) || (before && before.milliseconds <= timing.milliseconds)) continue;
    best[timing.shape] = timing;
  }
  return best;
}

/** The table of tilings that the kernels can be given: where a tile is fastest, that, and nothing where the default is. */
const tilings = () =>
  Object.fromEntries(
    Object.values(chosen()).flatMap(({ tiling, shapeClass }) =>
      tiling && shapeClass ? [[shapeClass, tiling]] : [],
    ),
  );

const isRight = ({ deviation }: Deviation): boolean =>
  typeof deviation === 'number' && deviation <= TOLERANCE;

async function write(): Promise<void> {
  const { profiles, ...rest } = results;
  await writeFile(
    join(out, 'tuned.json'),
    `${JSON.stringify({ tilings: tilings(), chosen: chosen(), ...rest, profiles }, null, 2)}\n`,
  );
  await writeFile(join(out, 'report.md'), report());
}

/** Of each shape the three fastest, and what is there without a choice. */
function shownTimings(): Timing[] {
  const shapes = [...new Set(results.timings.map(({ shape }) => shape))];
  return shapes.flatMap((shape) => {
    const sorted = results.timings
      .filter((timing) => timing.shape === shape)
      .sort((a, b) => a.milliseconds - b.milliseconds);
    return sorted.filter(({ tiling }, place) => place < 3 || !tiling);
  });
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return ['', line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

const short = (value: number | undefined): string => (value === undefined ? '' : value.toPrecision(3));

function report(): string {
  const { adapter, bandwidth, timings, phases, seconds, failures, torch } = results;
  const ceiling = Math.max(0, ...timings.filter(({ shape }) => shape === 'square product').map(({ teraflops }) => teraflops)); // prettier-ignore
  const of = (kind: string, name: string): number | undefined =>
    (torch?.[kind] as Record<string, number> | undefined)?.[name];
  const beside = (name: string) => [short(1000 * (of('strict float32', name) ?? NaN)), short(1000 * (of('TF32', name) ?? NaN))]; // prettier-ignore
  const names: Partial<Record<PhaseName, string>> = {
    'stage 2 step': 'stage 2 step',
    'live update': 'decoders of a live update',
  };
  const wrong = results.deviations.filter((one) => !isRight(one));
  const roofs = ROOFS.map(({ name, peak }) => `${name} ${peak / 1e12}`).join(', ');
  return [
    `# ${String(adapter.description || adapter.vendor)}`,
    '',
    `Features: ${(adapter.features as string[] | undefined)?.join(', ')}; matrix configurations: ${JSON.stringify(adapter.subgroupMatrixConfigs)}.`,
    `PyTorch: ${torch ? `${String(torch.torch)} on ${String(torch.device)}` : 'not measured'}.`,
    '',
    '## Memory',
    ...table(['copy', 'GB/s, read and written'], Object.entries(bandwidth).map(([name, value]) => [name, short(value)])), // prettier-ignore
    '## Products',
    '',
    `Ceiling: ${short(ceiling)} TFLOP/s, the fastest square product here (vendors' float32 peaks: ${roofs}).`,
    ...table(
      ['shape', 'variant', 'ms', 'TFLOP/s', 'of the ceiling', 'PyTorch float32, ms', 'TF32, ms'],
      shownTimings().map(({ shape, variant, milliseconds, teraflops }) => [
        ...[
          shape,
          variant,
          short(milliseconds),
          short(teraflops),
          `${((100 * teraflops) / ceiling).toFixed(0)} %`,
        ],
        ...beside(shape),
      ]),
    ),
    wrong.length === 0
      ? `All ${results.deviations.length} results are those of float64 within ${TOLERANCE} of the largest value.`
      : `Not those of float64: ${wrong.map(({ variant, shape, deviation }) => `${variant} at ${shape} (${deviation})`).join('; ')}.`,
    '',
    '## Phases',
    ...table(
      ['phase', 'ms', 'a second', 'PyTorch float32, ms', 'TF32, ms'],
      phases.map(({ preset, phase, milliseconds }) => [
        ...[`${preset}, ${phase}`, short(milliseconds), short(1000 / milliseconds)],
        ...(preset === 'paper' && names[phase] ? beside(names[phase]) : ['', '']),
      ]),
    ),
    ...results.profiles.flatMap((times) => [
      `## Kernels: ${times.preset}`,
      '```',
      ...profileTable(times),
      '```',
      '',
    ]),
    '## How long it took',
    ...table(['section', 's', ''], Object.entries(seconds).map(([name, value]) => [name, value.toFixed(1), failures[name] ?? ''])), // prettier-ignore
  ].join('\n');
}

await run();
await write();
console.log(`${join(out, 'report.md')}\n${join(out, 'tuned.json')}`);
process.exit(0);
