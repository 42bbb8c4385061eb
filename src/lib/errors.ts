// Every failure a person can meet is one of these classes: it says what happened (`message`) and what to do
// (`remedy`). Code and interface switch on `name`, never on the text. They cross the worker boundary as data.

export abstract class RemedyError extends Error {
  abstract override readonly name: string;
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A failure as plain data: what crosses from worker to page and what the interface shows. */
export interface ErrorReport {
  name: string;
  message: string;
  remedy: string;
}

/** The report of anything thrown; unknown errors keep their text and get a general remedy. */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof RemedyError) return { name: error.name, message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? error.message : String(error);
  return {
    name: 'Unexpected',
    message,
    remedy: 'Reload the page; if it happens again, please report this text.',
  };
}

/** An error rebuilt from its report on the other side of the worker boundary. */
export class ReportedError extends RemedyError {
  override readonly name: string;
  constructor(report: ErrorReport) {
    super(report.message, report.remedy);
    this.name = report.name;
  }
}
