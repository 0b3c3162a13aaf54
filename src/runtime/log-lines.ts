import type { ServiceName } from '../domain/names.ts';
import type { LogLevel } from '../services/effects.ts';
import type { StepError } from './facts.ts';
import type { Handling } from './handling.ts';
import type { LogEntry } from './ports.ts';

// An event of CloudWatch Logs has a limit in the hundreds of kilobytes; a stack needs a few thousand characters.
const LONGEST_TEXT = 4000;

/** A structured log line, in the order in which a reader wants the fields. Undefined ones are left out. */
export interface LogLine {
  level: LogLevel;
  service: ServiceName;
  action: string;
  message: string;
  order_id?: string | undefined;
  correlation_id?: string | undefined;
  event_type?: string | undefined;
  event_id?: string | undefined;
  causation_id?: string | null | undefined;
  message_id?: string | undefined;
  /** 1 for the first delivery. */
  attempt: number;
  outcome?: string;
  duration_ms: number;
  effects: readonly string[];
  error?: StepError | undefined;
}

export function logEntry(at: number, line: LogLine): LogEntry {
  const { level, service, action, message, effects, error, ...rest } = line;
  const fields = {
    timestamp: new Date(at).toISOString(),
    level,
    service,
    action,
    message: cut(message),
    ...rest,
    effects: effects.map(cut),
    error: error && { ...error, message: cut(error.message), stack: error.stack && cut(error.stack) },
  };
  return { at, message: JSON.stringify(fields) };
}

const cut = (text: string) => text.slice(0, LONGEST_TEXT);

/** The lines of one message. One that failed has one line, which says why. */
export function logLines(service: ServiceName, handling: Handling, at: number): LogEntry[] {
  const { error, outcome, todo, done, message, spent } = handling;
  const common = {
    service,
    ...knownOf(handling),
    message_id: message.messageId,
    attempt: message.receiveCount,
    outcome,
    duration_ms: spent,
    effects: done.map(({ kind, summary }) => `${kind} ${summary}`),
    error,
  };
  if (error !== undefined) {
    return [logEntry(at, { ...common, level: 'error', action: outcome, message: error.message })];
  }
  return todo.logs.map(({ level, action, summary }) => logEntry(at, { ...common, level, action, message: summary }));
}

/** What is known of the event in a message, whether or not it could be read. */
export function knownOf({ parsed }: Handling) {
  const known = 'problem' in parsed ? parsed : parsed.event;
  return {
    ...(known.event_type !== undefined && { event_type: known.event_type }),
    ...(known.event_id !== undefined && { event_id: known.event_id }),
    ...(known.order_id !== undefined && { order_id: known.order_id }),
    ...(known.correlation_id !== undefined && { correlation_id: known.correlation_id }),
    ...('event' in parsed && { causation_id: parsed.event.causation_id }),
  };
}
