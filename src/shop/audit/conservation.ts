import type { ShopEvent } from '../../domain/events.ts';
import { SERVICES, type ServiceName } from '../../domain/names.ts';
import type { QueueState } from '../runtime/drain-facts.ts';
import type { Checks } from './checks.ts';
import { type Delivery, deliveriesOf } from './deliveries.ts';
import type { OrderSnapshot } from './order-snapshot.ts';

/** One service's side of the equation. */
export interface ServiceBalance {
  service: ServiceName;
  /** Deliveries that follow from the records of the orders. */
  due: number;
  handled: number;
  waiting: number;
  dead_lettered: number;
  /** Due, and neither handled nor in a queue. */
  lost: number;
}

/** Whether analytics' log has an event; undefined where the log does not go back that far. */
export type SeenByAnalytics = (event: ShopEvent) => boolean | undefined;

const NAMED = 20;

interface Account {
  due: number;
  handled: number;
  missing: { order_id: string; event_type: string }[];
}

/** Counts due and handled deliveries of each service. */
export class Conservation {
  readonly #accounts = new Map<ServiceName, Account>();
  readonly #seen: SeenByAnalytics;

  constructor(seen: SeenByAnalytics) {
    this.#seen = seen;
    for (const service of SERVICES) this.#accounts.set(service, { due: 0, handled: 0, missing: [] });
  }

  order(snapshot: OrderSnapshot): void {
    for (const { service, event, handled = this.#seen(event) } of readable(snapshot)) {
      if (handled === undefined) continue;
      const account = this.#accounts.get(service)!;
      account.due++;
      if (handled) account.handled++;
      else if (account.missing.length < NAMED) account.missing.push(event);
    }
  }

  /** Deliveries that are lost: more are unhandled than the service's queues hold. */
  conclude(checks: Checks, queues: readonly QueueState[]): ServiceBalance[] {
    return SERVICES.map((service) => {
      const { due, handled, missing } = this.#accounts.get(service)!;
      const queue = queues.find((each) => each.service === service);
      const waiting = queue === undefined ? 0 : queue.ready + queue.in_flight + queue.delayed;
      const dead_lettered = queue?.dead_lettered ?? 0;
      const lost = Math.max(0, due - handled - waiting - dead_lettered);
      checks.passed('messages_conserved', due);
      if (lost > 0) blame(checks, service, missing, lost);
      return { service, due, handled, waiting, dead_lettered, lost };
    });
  }
}

/** No deliveries of incomplete records, which another check reports. */
function readable(snapshot: OrderSnapshot): Delivery[] {
  try {
    return deliveriesOf(snapshot);
  } catch {
    return [];
  }
}

function blame(checks: Checks, service: ServiceName, missing: Account['missing'], lost: number): void {
  const named = missing.slice(0, lost);
  const rest = lost - named.length;
  named.forEach(({ order_id, event_type }, index) => {
    const trace = service === 'analytics' ? 'has no log line of' : 'did not handle';
    const count = index === 0 ? 1 + rest : 1;
    checks.violate('messages_conserved', 'delivery', order_id, `${service} ${trace} ${event_type}`, count);
  });
}
