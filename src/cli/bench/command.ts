// `bench`: how long things take here. Times of training and inference stand beside a plain 3x3 convolution measured
// in the same run, kernels beside the same operation made of stock ones, so that machines can be compared.
import { writeBytes } from '../data/files';
import { alignColumns, describeAdapter, SCHEMA } from '../output/report';
import { assertTargets } from '../output/targets';
import { ChecksumsDiffer, differences, readChecksums, takeChecksums } from './checksums';
import { benchInference, benchTraining } from './engine';
import { benchFeatures } from './features';
import { benchFusion } from './fusion';
import { benchKernels } from './kernels';
import { benchMetrics } from './metrics';
import type { Measurement } from './measurement';
import type { Terminal } from '../output/terminal';
import { Workbench, type EngineFactory } from './workbench';

export type BenchTopic = 'kernels' | 'training' | 'inference' | 'metrics' | 'features' | 'fusion';

export interface BenchRequest {
  topics: BenchTopic[];
  json: string | null;
}

export interface ChecksumRequest {
  json: string | null;
  /** Checksums taken before, to compare with. */
  compare: string | null;
}

/** Measures each topic, one after the other, on one device. */
export async function bench(
  request: BenchRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { topics, json } = request;
  if (json && json !== '-') await assertTargets([json], []);
  const workbench = await Workbench.start(createEngine, terminal);
  const adapter = await workbench.open();
  const results: Measurement[] = [];
  for (const topic of topics) results.push(...(await BENCHES[topic](workbench, adapter.gflops)));
  workbench.progress.clear();
  const document = `${JSON.stringify({ schema: SCHEMA, adapter, results }, null, 2)}\n`;
  if (json === '-') return terminal.out(document);
  terminal.out(`${[describeAdapter(adapter), '', ...tableOf(results)].join('\n')}\n`);
  if (json) await writeBytes(json, document);
}

/** Takes a digest of every kernel's results. @throws ChecksumsDiffer */
export async function checksums(
  { json, compare }: ChecksumRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  if (json && json !== '-') await assertTargets([json], compare === null ? [] : [compare]);
  const before = compare === null ? null : await readChecksums(compare);
  const workbench = await Workbench.start(createEngine, terminal);
  const after = await takeChecksums(workbench, await workbench.open());
  workbench.progress.clear();
  const document = `${JSON.stringify({ schema: SCHEMA, ...after }, null, 2)}\n`;
  if (json && json !== '-') await writeBytes(json, document);
  const lines = before ? differences(before, after) : [];
  if (lines.length > 0) throw new ChecksumsDiffer(lines);
  const count = `${Object.keys(after.digests).length} cases on ${after.adapter}`;
  terminal.out(json === '-' ? document : `${count}${before ? ', all with the same bits' : ''}\n`);
}

type Bench = (workbench: Workbench, gflops: number) => Promise<Measurement[]>;

const BENCHES: Record<BenchTopic, Bench> = {
  kernels: benchKernels,
  training: benchTraining,
  inference: benchInference,
  metrics: benchMetrics,
  features: benchFeatures,
  fusion: benchFusion,
};

function tableOf(results: readonly Measurement[]): string[] {
  const timed = results.some(({ perSecond }) => perSecond !== undefined);
  const rows = results.map(({ name, ms, ratio, yardstick, perSecond }) => {
    const speed = timed ? [perSecond?.toPrecision(3) ?? ''] : [];
    return [name, ms.toFixed(ms < 10 ? 2 : 0), ratio.toPrecision(3), yardstick, ...speed];
  });
  return alignColumns([['', 'ms', 'ratio', 'to', ...(timed ? ['images/s'] : [])], ...rows]);
}
