// What can go wrong when many runs are compared, beside what can go wrong in each of them.
import { RemedyError } from '../../lib/errors';

/** `compare` was not told enough, or was told something twice. */
export class BadComparison extends RemedyError {
  override readonly name = 'BadComparison';
}

/** A finished run in the folder was made with other settings, images, masks or weights than are asked for now. */
export class ConfigurationChanged extends RemedyError {
  override readonly name = 'ConfigurationChanged';
  constructor(run: string, changes: readonly string[], others: number) {
    const what = changes.join('; ');
    const more = others > 0 ? `, and ${others} more runs differ` : '';
    super(
      `${run} was run before with another configuration (${what})${more}.`,
      'Name another folder with --out, or give --rerun to run what differs again.',
    );
  }
}

/** Images, masks or split files were written to between the start of the comparison and the end of a run. */
export class DataChanged extends RemedyError {
  override readonly name = 'DataChanged';
  constructor(data: string) {
    super(
      `Files of ${data} changed while this ran, so its figures are of no data that is there.`,
      'Leave the folder alone while methods are compared, and give the same command again.',
    );
  }
}

/** Finished runs did not come out again as they are stored. */
export class RunsDisagree extends RemedyError {
  override readonly name = 'RunsDisagree';
  constructor(differences: readonly string[], verified: number) {
    super(
      `${differences.length} of ${verified} runs came out otherwise than stored: ${differences.join('; ')}.`,
      'Give the same command with --rerun instead of --verify after removing their files, or name another folder with --out; another graphics adapter rounds differently.',
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

/** Parts of a comparison are of different data or settings. */
export class PartsDisagree extends RemedyError {
  override readonly name = 'PartsDisagree';
  constructor(disagreements: readonly string[]) {
    const shown = disagreements.slice(0, MOST_SHOWN).join('; ');
    const more = disagreements.length > MOST_SHOWN ? `; and ${disagreements.length - MOST_SHOWN} more` : '';
    super(
      `These parts belong to no one table: ${shown}${more}.`,
      'Run the odd ones again with the data and settings of the others (--rerun), or leave their folder out.',
    );
  }
}

const MOST_SHOWN = 3;

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
