// What can go wrong when many runs are compared, beside what can go wrong in each of them.
import { RemedyError } from '../../lib/errors';

/** `compare` was not told enough, or was told something twice. */
export class BadComparison extends RemedyError {
  override readonly name = 'BadComparison';
}

/** A finished run in the folder was made with other settings, images or weights than are asked for now. */
export class ConfigurationChanged extends RemedyError {
  override readonly name = 'ConfigurationChanged';
  constructor(run: string, changes: readonly string[], others: number) {
    const what = changes.length > 0 ? changes.join('; ') : 'the images or the weights are others';
    const more = others > 0 ? `, and ${others} more runs differ` : '';
    super(
      `${run} was run before with another configuration (${what})${more}.`,
      'Name another folder with --out, or give --rerun to run what differs again.',
    );
  }
}

/** A folder to be merged holds no comparison. */
export class NoComparison extends RemedyError {
  override readonly name = 'NoComparison';
  constructor(folder: string, reason: string) {
    super(`${folder} holds no comparison: ${reason}.`, 'Name a folder that `compare --out` wrote to.');
  }
}

/** Some runs failed; the others are there. */
export class RunsFailed extends RemedyError {
  override readonly name = 'RunsFailed';
  constructor(failures: readonly string[], total: number) {
    const shown = failures.slice(0, 3).join('; ');
    const more = failures.length > 3 ? `; and ${failures.length - 3} more` : '';
    super(
      `${failures.length} of ${total} runs failed: ${shown}${more}.`,
      'The same command runs the failed ones again and leaves the finished ones.',
    );
  }
}
