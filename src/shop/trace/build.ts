import { orderCreated } from '../../domain/events.ts';
import { derivedId } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/records.ts';
import type { Trace, TraceDelivery, TraceEvent } from './facts.ts';
import type { TraceLine } from './lines.ts';
import { missingOf } from './missing.ts';

/** An order's causal tree from its record and its log lines, which stand in the order of time. Pure. */
export function buildTrace(orderId: string, order: OrderRecord | undefined, lines: readonly TraceLine[]): Trace {
  const start = order === undefined ? (lines[0]?.at ?? 0) : Date.parse(order.created_at);
  const events = eventsOf(order, lines, start);
  addUnseen(events);
  for (const event of events.values()) event.missing = missingOf(event);
  const deliveries = [...events.values()].flatMap((event) => event.deliveries);
  const forgotten = lines.length === 0 && order !== undefined && isTerminal(order.status);
  const missing = forgotten ? [] : [...events.values()].flatMap((event) => event.missing);
  const count = (...outcomes: string[]) => deliveries.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    order_id: orderId,
    correlation_id: order?.correlation_id ?? lines.find((line) => line.correlation_id)?.correlation_id ?? null,
    order: order === undefined ? null : shownOrder(order),
    started_at: new Date(start).toISOString(),
    duration_ms: Math.max(0, (lines.at(-1)?.at ?? start) - start),
    settled: missing.length === 0 && (order === undefined || isTerminal(order.status)),
    counts: {
      events: events.size,
      deliveries: deliveries.length,
      duplicates: count('duplicate'),
      failed: count('failed', 'poison'),
      log_lines: lines.length,
    },
    events: forgotten ? [] : linkEvents(events),
    missing,
  };
}

const shownOrder = ({ customer_id, status, total_amount, items, created_at }: OrderRecord) => ({
  ...{ customer_id, status, total_amount, items, created_at },
});

function eventsOf(order: OrderRecord | undefined, lines: readonly TraceLine[], start: number): Map<string, TraceEvent> {
  const events = new Map<string, TraceEvent>();
  if (order !== undefined) {
    const { event_id, event_type } = orderCreated(order);
    events.set(event_id, newEvent(event_id, event_type, null));
  }
  for (const line of lines) {
    const { event_id, event_type = 'unknown', causation_id = null } = line;
    const event = events.get(event_id) ?? newEvent(event_id, event_type, causation_id);
    events.set(event_id, event);
    event.causation_id ??= causation_id;
    if (line.message_id !== undefined) addDelivery(event, line, start);
    else if (event.published_by === null) {
      published(event, line.service, line.at, start);
      event.effects = line.effects.filter((effect) => publishedType(effect) === undefined);
    }
  }
  return events;
}

const newEvent = (event_id: string, event_type: string, causation_id: string | null): TraceEvent => ({
  ...{ event_type, event_id, causation_id },
  ...{ published_by: null, published_at: null, after_ms: null, effects: [] },
  ...{ deliveries: [], missing: [], follows: [] },
});

function published(event: TraceEvent, by: string, at: number, start: number): void {
  event.published_by = by;
  event.published_at = new Date(at).toISOString();
  event.after_ms = Math.max(0, at - start);
}

/** A delivery may have several lines, which carry the same effects. */
function addDelivery(event: TraceEvent, line: TraceLine, start: number): void {
  const { service, attempt, outcome, at, duration_ms, effects, error = null } = line;
  const message_id = line.message_id!;
  const known = event.deliveries.some(
    (other) => other.service === service && other.message_id === message_id && other.attempt === attempt,
  );
  if (known) return;
  const when = { at: new Date(at).toISOString(), after_ms: Math.max(0, at - start) };
  event.deliveries.push({ service, message_id, attempt, outcome, ...when, duration_ms, effects, error, publishes: [] });
}

/** The type in `publish payment_succeeded`, as effects stand in log lines. */
export const publishedType = (effect: string): string | undefined => /^publish ([a-z_]{1,60})$/.exec(effect)?.[1];

const publishesOf = ({ effects }: TraceDelivery): string[] =>
  effects.map(publishedType).filter((type) => type !== undefined);

/** Events that were published and that nobody has handled yet: their ids follow from their cause. */
function addUnseen(events: Map<string, TraceEvent>): void {
  const types = new Set([...events.values()].map(({ event_type }) => event_type));
  for (const cause of [...events.values()]) {
    for (const type of cause.deliveries.flatMap(publishesOf)) {
      if (types.has(type)) continue;
      types.add(type);
      const event_id = derivedId(cause.event_id, type);
      events.set(event_id, newEvent(event_id, type, cause.event_id));
    }
  }
}

/** An order's longest way has six events. */
const DEEPEST = 50;

/** Hangs each event under the delivery that published it; resolves with those that hang nowhere. */
function linkEvents(events: ReadonlyMap<string, TraceEvent>): TraceEvent[] {
  const roots: TraceEvent[] = [];
  for (const event of events.values()) {
    const cause = event.causation_id === null ? undefined : events.get(event.causation_id);
    if (cause === undefined || isTooDeep(cause, events)) roots.push(event);
    else hang(event, cause);
  }
  return roots;
}

function hang(event: TraceEvent, cause: TraceEvent): void {
  const publishers = cause.deliveries.filter((delivery) => publishesOf(delivery).includes(event.event_type));
  const [publisher] = publishers;
  if (publisher === undefined) {
    cause.follows.push(event);
    return;
  }
  publisher.publishes.push(event);
  // Unless it was told before: published again from outside, as by `order retry`, it is not published there first.
  if (event.published_at !== null && event.published_at < publisher.at) return;
  event.published_by = publisher.service;
  event.published_at = publisher.at;
  event.after_ms = publisher.after_ms;
}

/** Ids that lead round in a circle, or on and on, are nobody's order of things. */
function isTooDeep(cause: TraceEvent, events: ReadonlyMap<string, TraceEvent>): boolean {
  let current: TraceEvent | undefined = cause;
  for (let depth = 0; current !== undefined; depth++) {
    if (depth === DEEPEST) return true;
    current = current.causation_id === null ? undefined : events.get(current.causation_id);
  }
  return false;
}
