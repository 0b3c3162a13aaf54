/**
 * An error as an AWS service reports it. `code` is the name of the error's shape in the service model
 * (`QueueDoesNotExist`); each protocol turns it into its own wire form and looks up the HTTP status there
 * unless `status` is given. `fields` are further members of the error (`CancellationReasons`, `Item`).
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number | undefined;
  readonly fields: Record<string, unknown>;

  constructor(code: string, message: string, options: { status?: number; fields?: Record<string, unknown> } = {}) {
    // A refusal is an answer and no fault: finding out where it was made would cost ten times what it does.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.code = code;
    this.status = options.status;
    this.fields = options.fields ?? {};
  }
}
