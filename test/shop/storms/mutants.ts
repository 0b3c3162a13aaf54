import type { Ports, Write } from '../../../src/ports.ts';
import type { Decision, Service, State } from '../../../src/services/effects.ts';
import { SERVICE_MODULES, type Services } from '../../../src/services/registry.ts';
import { CORRECT_HANDLERS, type Handlers } from '../../../src/shop/storms/handlers.ts';

type Decide = Service['decide'];

const withPorts = (ports: Handlers['ports']): Handlers => ({ ...CORRECT_HANDLERS, repairs: false, ports });
const withServices = (change: (service: Service) => Service): Handlers => ({
  ...CORRECT_HANDLERS,
  repairs: false,
  services: Object.fromEntries(
    Object.entries(SERVICE_MODULES).map(([name, service]) => [name, change(service)]),
  ) as unknown as Services,
});
const deciding = (change: (decide: Decide, service: Service) => Decide): Handlers =>
  withServices((service) => ({ ...service, decide: change((...given) => service.decide(...given), service) }));

const writing = (ports: Ports, write: Ports['tables']['write']): Ports => ({
  ...ports,
  tables: { ...ports.tables, write },
});
const unconditional = (ports: Ports): Ports =>
  writing(ports, (writes) => ports.tables.write(writes.map(({ condition: _, ...write }) => write as Write)));

/** An inventory record says what there is, not what was done; everything else that a service looks up is a marker. */
const unmarked =
  (state: State): State =>
  (table, id) =>
    table === 'inventory' || table === 'orders' ? state(table, id) : undefined;

const nothing: Decision = { outcome: 'ignored', effects: [] };

/** The shop with one of its protections switched off. */
export const MUTANTS: Readonly<Record<string, Handlers>> = {
  'a duplicate performing again: it is skipped': deciding((decide) => (...given) => {
    const decision = decide(...given);
    return decision.outcome === 'duplicate' ? { ...decision, effects: [] } : decision;
  }),
  'the marker record: what was done is not looked at': {
    ...deciding((decide, { name }) => (event, state, now) => {
      return decide(event, name === 'order' || name === 'fulfillment' ? state : unmarked(state), now);
    }),
    ports: unconditional,
  },
  'conditions on writes': withPorts(unconditional),
  'the transaction: its writes go one by one': withPorts((ports) =>
    writing(ports, async (writes) => {
      for (const write of writes) {
        const outcome = await ports.tables.write([write]);
        if (!outcome.written) return outcome;
      }
      return { written: true };
    }),
  ),
  'acknowledging last: a message is deleted when it is received': withPorts((ports) => ({
    ...ports,
    queues: {
      ...ports.queues,
      async receive(queue, options) {
        const messages = await ports.queues.receive(queue, options);
        if (messages.length > 0) {
          await ports.queues.delete(
            queue,
            messages.map(({ receiptHandle }) => receiptHandle),
          );
        }
        return messages;
      },
    },
  })),
  'reading Failed of a batch that was published': withPorts((ports) => ({
    ...ports,
    topic: { publish: async (events) => ports.topic.publish(events).then(() => []) },
  })),
  'the record of an order that was cancelled before its goods were held': deciding((decide, { name }) => {
    return (event, state, now) => {
      const early = event.event_type === 'cancel_requested' && state('reservations', event.order_id) === undefined;
      return name === 'inventory' && early ? nothing : decide(event, state, now);
    };
  }),
  'the record of an order that was cancelled before it was charged': deciding((decide, { name }) => {
    return (event, state, now) => {
      const early = event.event_type === 'inventory_released' && name === 'payment';
      return early && state('payments', event.order_id) === undefined ? nothing : decide(event, state, now);
    };
  }),
  'the refund of what was paid for goods that were released': deciding((decide, { name }) => (event, state, now) => {
    return name === 'payment' && event.event_type === 'inventory_released' ? nothing : decide(event, state, now);
  }),
  'looking at the records before goods are shipped': {
    ...deciding((decide, { name }) => (event, state, now) => {
      if (name !== 'fulfillment') return decide(event, state, now);
      const trusting: State = (table, id) => {
        const item = state(table, id);
        return table === 'reservations' && item?.status === 'released' ? { ...item, status: 'held' } : item;
      };
      return decide(event, trusting, now);
    }),
    ports: unconditional,
  },
};
