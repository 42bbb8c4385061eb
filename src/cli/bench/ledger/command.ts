// `bench ledger`: counts what every preset asks of WebGPU, holds it against the kept file, and writes that on demand. It
// needs no GPU.
import { PRESETS, type PresetName } from '../../../settings/presets';
import { writeBytes, readBytes } from '../../data/files';
import { existsSync } from 'node:fs';
import { Progress } from '../../output/progress';
import { assertTargets } from '../../output/targets';
import type { Terminal } from '../../output/terminal';
import { differences, LedgerRisen, ledgerTable, ledgerText, takeLedger, type Ledger } from './ledger';

export interface LedgerRequest {
  json: string | null;
  /** Writes the kept file anew. */
  write: boolean;
}

/** In the project's folder. */
export const LEDGER_FILE = 'bench/ledger.json';

/** @throws LedgerRisen, CostUnknown */
export async function ledger({ json, write }: LedgerRequest, terminal: Terminal): Promise<void> {
  if (json && json !== '-') await assertTargets([json], []);
  const progress = new Progress(terminal);
  // Phases are those of the grids.
  const presets = (Object.keys(PRESETS) as PresetName[]).filter((name) => name !== 'few-shot');
  const now = await takeLedger(presets, (preset, phase) => progress.update(`counting ${preset}, ${phase}`));
  progress.clear();
  terminal.out(json === '-' ? ledgerText(now) : `${ledgerTable(now).join('\n')}\n`);
  if (json && json !== '-') await writeBytes(json, ledgerText(now));
  if (write) return writeBytes(LEDGER_FILE, ledgerText(now));
  if (!existsSync(LEDGER_FILE)) return;
  const kept = JSON.parse(new TextDecoder().decode(await readBytes(LEDGER_FILE))) as Ledger;
  const { risen, fallen } = differences(kept, now);
  if (fallen.length > 0) terminal.err(`${fallen.length} figures have fallen; keep them with --write.\n`);
  if (risen.length > 0) throw new LedgerRisen(risen);
}
