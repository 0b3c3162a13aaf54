import type { Clock } from '../clock.ts';
import { queueOf, SERVICES, type ServiceName } from '../domain/names.ts';
import { parseMessage } from '../domain/parse-event.ts';
import type { Ports } from '../ports.ts';
import { SERVICE_MODULES } from '../services/registry.ts';
import { planOf } from '../shop/runtime/plan.ts';
import type { StackNames } from '../shop/stack/names.ts';
import type { Conversation, ServicesView, WaitingMessage } from './model.ts';

/** The stack whose services are stepped. */
export interface ShopPlace {
  /** For what the debugger itself asks. */
  ports: Ports;
  /** Of each service, in its name. */
  portsOf(service: ServiceName): Ports;
  names: StackNames;
  clock: Clock;
  /** Those that are stepped. */
  services: readonly ServiceName[];
}

export const serviceOf = ({ names }: ShopPlace, { queue }: WaitingMessage): ServiceName | undefined =>
  SERVICES.find((service) => names.queue(queueOf(service)) === queue);

const parsedOf = ({ body, attributes, sent_at }: WaitingMessage) =>
  parseMessage({ body, attributes, sentAt: Date.parse(sent_at) });

/** A message as its service reads it, and what the service will do. */
export async function servicesView(place: ShopPlace, message: WaitingMessage): Promise<ServicesView | null> {
  const service = serviceOf(place, message);
  if (service === undefined) return null;
  const parsed = parsedOf(message);
  const { ports, clock } = place;
  const plan = await planOf(parsed, SERVICE_MODULES[service], { tables: ports.tables, now: clock.now() });
  return { service, parsed, plan };
}

const orderOf = (message: WaitingMessage): string | undefined => {
  const parsed = parsedOf(message);
  return 'event' in parsed ? parsed.event.order_id : parsed.order_id;
};

/** The messages about the same order; of one that is no event, itself. */
export function ofOrder(message: WaitingMessage): Conversation {
  const order = orderOf(message);
  return {
    name: order === undefined ? `message ${message.message_id}` : order,
    has: (other) => (order === undefined ? other.message_id === message.message_id : orderOf(other) === order),
    follow() {},
  };
}
