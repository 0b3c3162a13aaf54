import type { LogEntry, LogsPort } from '../../ports.ts';

/** The last time that a service could not handle a message, as its log tells it. */
export interface Failure {
  code: string;
  message: string;
  stack?: string;
  attempts: number;
  at: string;
}

/** What a service's log says about messages that failed, by message and by event. */
export class Failures {
  readonly #byMessage = new Map<string, Failure>();
  readonly #byEvent = new Map<string, Failure>();

  /** Lines come oldest first; the last one stands. */
  add(line: FailureLine): void {
    const { message_id, event_id, failure } = line;
    if (message_id !== undefined) this.#byMessage.set(message_id, failure);
    if (event_id !== undefined) this.#byEvent.set(event_id, failure);
  }

  ofMessage(id: string | undefined): Failure | undefined {
    return id === undefined ? undefined : this.#byMessage.get(id);
  }

  /** Another delivery of the same event, which may have failed for another reason. */
  ofEvent(id: string | undefined): Failure | undefined {
    return id === undefined ? undefined : this.#byEvent.get(id);
  }
}

interface FailureLine {
  message_id: string | undefined;
  event_id: string | undefined;
  failure: Failure;
}

/** Clocks differ a little, and a message may be sent again with a later time than its first failure. */
const MARGIN_MS = 3_600_000;

/** Reads the error lines of one stream from `since` on. Stacks are large, and kept only where they are shown. */
export async function readFailures(
  logs: LogsPort,
  stream: string,
  options: { since: number; stacks: boolean },
): Promise<Failures> {
  const failures = new Failures();
  const entries = logs.filter({
    since: Math.max(0, options.since - MARGIN_MS),
    streams: [stream],
    pattern: '{ $.level = "error" }',
  });
  for await (const entry of entries) {
    const line = failureLine(entry, options.stacks);
    if (line !== undefined) failures.add(line);
  }
  return failures;
}

/** Undefined for every other line: not each engine honours the pattern. */
function failureLine({ at, message }: LogEntry, stacks: boolean): FailureLine | undefined {
  const line = parse(message);
  const error = line?.error;
  if (line?.level !== 'error' || typeof error?.code !== 'string') return undefined;
  const failure: Failure = {
    code: error.code,
    message: textOf(error.message) ?? '',
    attempts: typeof line.attempt === 'number' ? line.attempt : 1,
    at: new Date(at).toISOString(),
    ...(stacks && typeof error.stack === 'string' && { stack: error.stack }),
  };
  return { message_id: textOf(line.message_id), event_id: textOf(line.event_id), failure };
}

/** As it may stand in a line that somebody else wrote. */
type Line = Partial<Record<'level' | 'attempt' | 'message_id' | 'event_id', unknown>> & {
  error?: Partial<Record<'code' | 'message' | 'stack', unknown>> | null;
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
