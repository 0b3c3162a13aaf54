import type { Trace, TraceDelivery, TraceEvent, TraceStep } from './facts.ts';

/** Every delivery of a trace in the order of time, the publishing from outside included. */
export function stepsOf(trace: Trace): TraceStep[] {
  return trace.events.flatMap(stepsBelow).sort((a, b) => a.after_ms - b.after_ms);
}

function stepsBelow(event: TraceEvent): TraceStep[] {
  const { event_type, event_id, published_by, published_at, after_ms, effects } = event;
  const step = ({ publishes: _, ...delivery }: TraceDelivery): TraceStep => ({
    ...{ kind: 'step', event_type, event_id },
    ...delivery,
  });
  const own = event.deliveries.map(step);
  const below = [...event.deliveries.flatMap(({ publishes }) => publishes), ...event.follows].flatMap(stepsBelow);
  const fromOutside = event.causation_id === null && published_by !== null && published_at !== null;
  if (!fromOutside) return [...own, ...below];
  const placing: TraceStep = {
    ...{ kind: 'step', event_type, event_id, service: published_by, message_id: null, attempt: 1 },
    ...{ outcome: 'published', at: published_at, after_ms: after_ms ?? 0, duration_ms: 0, error: null },
    effects: [...effects, `publish ${event_type}`],
  };
  return [placing, ...own, ...below];
}
