// The ledger: what every preset asks of WebGPU, phase by phase, as figures that can be kept in a file and compared. A
// figure that rises against the file is a step back, unless the file is changed on purpose.
import type { PresetName } from '../../../settings/presets';
import { RemedyError } from '../../../lib/errors';
import { alignColumns } from '../../output/report';
import { boundBytes, costOf } from './costs';
import { PHASES, type PhaseName } from '../scenes';
import { countPhase, type Phase } from './phases';
import { ROOFS, secondsOn } from './roofline';

/** Figures of one phase, all whole numbers: counts, bytes, millions of operations, microseconds on each roof. */
export type Figures = Record<string, number>;
export type Ledger = Partial<Record<PresetName, Partial<Record<PhaseName, Figures>>>>;

/** Counts the phases of some presets; one that a preset does not have is left out. */
export async function takeLedger(
  presets: readonly PresetName[],
  onPhase: (preset: PresetName, phase: PhaseName) => void = () => undefined,
): Promise<Ledger> {
  const ledger: Ledger = {};
  for (const preset of presets) {
    const phases: Ledger[PresetName] = (ledger[preset] = {});
    for (const phase of PHASES) {
      onPhase(preset, phase);
      const counted = await countPhase(preset, phase);
      if (counted) phases[phase] = figuresOf(counted);
    }
  }
  return ledger;
}

/** @throws CostUnknown */
function figuresOf({ counts, dispatches, pipelines, peakBytes, residentBytes }: Phase): Figures {
  const costs = dispatches.map((dispatch) => {
    const cost = costOf(dispatch);
    if (!cost) throw new CostUnknown(dispatch.shader);
    return cost;
  });
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return {
    ...counts,
    pipelines,
    mflop: Math.round(sum(costs.map(({ flops }) => flops)) / 1e6),
    boundBytes: sum(dispatches.map(boundBytes)),
    movedBytes: sum(costs.map(({ bytes }) => bytes)),
    peakBytes,
    residentBytes,
    ...Object.fromEntries(ROOFS.map((roof) => [roof.name, Math.round(1e6 * secondsOn(roof, costs))])),
  };
}

/** Where figures differ from those that are kept, one line each. */
export interface Differences {
  risen: string[];
  fallen: string[];
}

/** Compares the phases that `now` has. */
export function differences(kept: Ledger, now: Ledger): Differences {
  const found: Differences = { risen: [], fallen: [] };
  for (const [preset, phases] of entries(now)) {
    for (const [phase, figures] of entries(phases)) {
      const before = kept[preset]?.[phase];
      if (!before) {
        found.risen.push(`${preset}, ${phase}: not in the file`);
        continue;
      }
      for (const [name, value] of Object.entries(figures)) {
        const old = before[name];
        if (old === value) continue;
        const line = `${preset}, ${phase}, ${name}: ${old} -> ${value}`;
        (old === undefined || value > old ? found.risen : found.fallen).push(line);
      }
    }
  }
  return found;
}

/** The file: one line a phase, so that changes of two phases do not meet. */
export function ledgerText(ledger: Ledger): string {
  const presets = entries(ledger).map(([preset, phases]) => {
    const lines = entries(phases).map(([phase, figures]) => `    "${phase}": ${JSON.stringify(figures)}`);
    return `  "${preset}": {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${presets.join(',\n')}\n}\n`;
}

/** Two tables: what is asked for, and how long it would take at least. */
export function ledgerTable(ledger: Ledger): string[] {
  const rows = entries(ledger).flatMap(([preset, phases]) =>
    entries(phases).map(([phase, figures]) => ({ name: `${preset}, ${phase}`, figures })),
  );
  const counts = COLUMNS.map(([title]) => title);
  const asked = rows.map(({ name, figures }) => [name, ...COLUMNS.map(([, cell]) => cell(figures))]);
  const times = rows.map(({ name, figures }) => [
    name,
    ...ROOFS.map((roof) => (figures[roof.name]! / 1000).toPrecision(3)),
  ]);
  return [
    ...alignColumns([['', ...counts], ...asked]),
    '',
    ...alignColumns([['milliseconds at least', ...ROOFS.map((roof) => roof.name)], ...times]),
  ];
}

const plain = (name: string) => (figures: Figures) => String(figures[name]);
const scaled = (name: string, unit: number) => (figures: Figures) => {
  const value = figures[name]! / unit;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const COLUMNS: [title: string, cell: (figures: Figures) => string][] = [
  ['dispatches', plain('dispatches')],
  ['submits', plain('submits')],
  ['passes', plain('passes')],
  ['uploads', plain('uploads')],
  ['writes', plain('writes')],
  ['reads', plain('reads')],
  ['buffers', plain('buffers')],
  ['pipelines', plain('pipelines')],
  ['GFLOP', scaled('mflop', 1e3)],
  ['bound GB', scaled('boundBytes', 1e9)],
  ['moved GB', scaled('movedBytes', 1e9)],
  ['peak MB', scaled('peakBytes', 1e6)],
  ['resident MB', scaled('residentBytes', 1e6)],
];

const entries = <K extends string, V>(record: Partial<Record<K, V>>) => Object.entries(record) as [K, V][];

/** A shader that nobody has said the cost of. */
export class CostUnknown extends RemedyError {
  override readonly name = 'CostUnknown';
  constructor(shader: string) {
    super(
      `The ledger does not know what the shader ${shader} costs.`,
      'Say in src/cli/bench/ledger/costs.ts how many operations one dispatch makes, or add it to those that stream.',
    );
  }
}

/** Figures have risen against the file. */
export class LedgerRisen extends RemedyError {
  override readonly name = 'LedgerRisen';
  constructor(lines: readonly string[]) {
    super(
      [`${lines.length} figures of the ledger have risen:`, ...lines].join('\n'),
      'If that is meant, write them down: npm run bench -- ledger --write.',
    );
  }
}
