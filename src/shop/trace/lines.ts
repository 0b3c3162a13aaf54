import type { LogEntry, LogsPort } from '../../ports.ts';
import type { StepError } from '../runtime/facts.ts';

/** A service's log line about one order, as far as a trace needs it. */
export interface TraceLine {
  id: string;
  at: number;
  service: string;
  event_type: string | undefined;
  event_id: string;
  causation_id: string | undefined;
  correlation_id: string | undefined;
  /** Undefined for the line of a program that published the event from outside, as `order create` does. */
  message_id: string | undefined;
  attempt: number;
  outcome: string;
  duration_ms: number;
  effects: string[];
  error: StepError | undefined;
}

/** An entry as it comes from a log: anything may stand in it. */
type Entry = LogEntry & { id: string };

/** Lines about one order from `since` on, oldest first. */
export async function readLines(logs: LogsPort, orderId: string, since: number): Promise<TraceLine[]> {
  const found = await collect(logs, orderId, since, `{ $.order_id = ${JSON.stringify(orderId)} }`);
  // Not every engine knows JSON patterns; to some this one is a text that no line holds.
  return found.length > 0 ? found : collect(logs, orderId, since, undefined);
}

async function collect(logs: LogsPort, orderId: string, since: number, pattern: string | undefined) {
  const lines: TraceLine[] = [];
  for await (const entry of logs.filter({ since, ...(pattern !== undefined && { pattern }) })) {
    const line = traceLine(entry, orderId);
    if (line !== undefined) lines.push(line);
  }
  return lines.sort((a, b) => a.at - b.at);
}

function traceLine(entry: Entry, orderId: string): TraceLine | undefined {
  const line = parse(entry.message);
  const event_id = text(line?.event_id);
  const service = text(line?.service);
  if (line?.order_id !== orderId || event_id === undefined || service === undefined) return undefined;
  return {
    id: entry.id,
    at: entry.at,
    service,
    event_type: text(line.event_type),
    event_id,
    causation_id: text(line.causation_id),
    correlation_id: text(line.correlation_id),
    message_id: text(line.message_id),
    attempt: number(line.attempt) ?? 1,
    outcome: text(line.outcome) ?? 'handled',
    duration_ms: number(line.duration_ms) ?? 0,
    effects: Array.isArray(line.effects) ? line.effects.filter((effect) => typeof effect === 'string') : [],
    error: errorOf(line.error),
  };
}

function errorOf(value: unknown): StepError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, stack } = value as Record<string, unknown>;
  if (typeof code !== 'string') return undefined;
  return { code, message: text(message) ?? '', ...(typeof stack === 'string' && { stack }) };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function parse(message: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
