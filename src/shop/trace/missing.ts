import type { EventType } from '../../domain/events.ts';
import { queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { SERVICE_MODULES } from '../../services/registry.ts';
import { type QueueState, queueStates } from '../runtime/drain-facts.ts';
import type { MissingDelivery, Trace, TraceEvent } from './facts.ts';

const DONE: ReadonlySet<string> = new Set(['handled', 'duplicate', 'ignored']);

/** Subscribers of an event whose log does not tell that they are done. */
export function missingOf({ event_type, event_id, deliveries }: TraceEvent): MissingDelivery[] {
  return subscribersOf(event_type).flatMap((service): MissingDelivery[] => {
    const own = deliveries.filter((delivery) => delivery.service === service);
    if (own.some(({ outcome }) => DONE.has(outcome))) return [];
    const hopeless = own.at(-1)?.outcome === 'poison';
    const state = hopeless ? 'dead_lettered' : own.length > 0 ? 'failing' : 'waiting';
    return [{ service, event_type, event_id, attempts: own.length, state }];
  });
}

const subscribersOf = (eventType: string): ServiceName[] =>
  SERVICES.filter((service) => SERVICE_MODULES[service].consumes.includes(eventType as EventType));

/** Looks where the missing deliveries can be. Queues tell how many messages they hold, not which. */
export async function locateMissing(trace: Trace, ports: Ports): Promise<void> {
  const services = SERVICES.filter((service) => trace.missing.some((missing) => missing.service === service));
  const states = new Map((await queueStates(ports, services)).map((state) => [state.queue, state]));
  for (const missing of trace.missing) {
    const state = states.get(queueOf(missing.service as ServiceName));
    if (state !== undefined) missing.state = stateOf(missing, state);
  }
}

function stateOf({ attempts, state }: MissingDelivery, queue: QueueState): MissingDelivery['state'] {
  const waiting = queue.ready + queue.in_flight + queue.delayed;
  const dead = queue.dead_lettered > 0;
  if (state === 'dead_lettered' && dead) return state;
  // Whoever failed leaves for the dead-letter queue sooner or later; who has never been tried does not.
  if (waiting > 0) return attempts === 0 ? 'waiting' : 'failing';
  return dead && attempts > 0 ? 'dead_lettered' : 'unaccounted';
}
