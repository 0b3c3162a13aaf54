import type { ServiceName } from '../../domain/names.ts';
import type { LogEntry } from '../../ports.ts';
import type { LogLevel } from '../../services/effects.ts';
import type { StepError } from './facts.ts';
import type { MessageContext } from './message-context.ts';

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
  const { message, effects, error } = line;
  // No spreading: log lines are the most frequent write, and spreading would cost more than the rest.
  const fields = {
    timestamp: new Date(at).toISOString(),
    level: line.level,
    service: line.service,
    action: line.action,
    message: cut(message),
    order_id: line.order_id,
    correlation_id: line.correlation_id,
    event_type: line.event_type,
    event_id: line.event_id,
    causation_id: line.causation_id,
    message_id: line.message_id,
    attempt: line.attempt,
    outcome: line.outcome,
    duration_ms: line.duration_ms,
    effects: effects.map(cut),
    error: error && { ...error, message: cut(error.message), stack: error.stack && cut(error.stack) },
  };
  return { at, message: JSON.stringify(fields) };
}

const cut = (text: string) => text.slice(0, LONGEST_TEXT);

/** The lines of one message. One that failed has one line, which says why. */
export function logLines(service: ServiceName, context: MessageContext, at: number): LogEntry[] {
  const { error, outcome, pending: todo, done, message, durationMs: spent } = context;
  const common = {
    service,
    ...knownOf(context),
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
export function knownOf({ parsed }: MessageContext) {
  if ('event' in parsed) {
    const { event_type, event_id, order_id, correlation_id, causation_id } = parsed.event;
    return { event_type, event_id, order_id, correlation_id, causation_id };
  }
  const { event_type, event_id, order_id, correlation_id } = parsed;
  return {
    ...(event_type !== undefined && { event_type }),
    ...(event_id !== undefined && { event_id }),
    ...(order_id !== undefined && { order_id }),
    ...(correlation_id !== undefined && { correlation_id }),
  };
}
