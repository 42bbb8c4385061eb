// What a command leaves behind, one output after the other: one that fails costs itself alone.
import { RemedyError, toReport, type ErrorReport } from '../../lib/errors';
import { OutputsMissing } from '../errors';

export interface Output {
  /** As it is told to somebody who looks for it. */
  name: string;
  write(): Promise<void>;
}

/**
 * @param shown what is on the screen already
 * @throws OutputsMissing after the last of them
 */
export async function deliver(shown: string, outputs: readonly (Output | null)[]): Promise<void> {
  const kept = [shown];
  const failures: ErrorReport[] = [];
  for (const output of outputs) {
    if (!output) continue;
    try {
      await output.write();
      kept.push(output.name);
    } catch (error) {
      failures.push(error instanceof RemedyError ? toReport(error) : faultOf(output, error));
    }
  }
  if (failures.length > 0) throw new OutputsMissing(failures, kept);
}

/** A fault of the program is told whole, but after the other outputs: it must not cost them. */
const faultOf = ({ name }: Output, error: unknown): ErrorReport => ({
  name: 'Unexpected',
  message: `${name}: ${error instanceof Error ? error.stack : String(error)}`,
  remedy: 'This is a fault of the program; please report it with the command that led to it.',
});
