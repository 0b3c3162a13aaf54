import { SERVICE_MODULES } from '../../../services/registry.ts';
import { work } from '../../runtime/worker.ts';
import type { Handlers } from '../handlers.ts';
import { SeededRandom } from '../seeded-random.ts';
import { workLosingErrors } from './lost-errors.ts';
import { withoutDeadLetterQueues } from './no-dead-letters.ts';
import { withoutDeduplication } from './no-deduplication.ts';
import { withRandomPayments } from './random-payments.ts';
import { withReadThenWrite } from './read-then-write.ts';
import { shippingUnpaid } from './ships-unpaid.ts';

/** Common mistakes in event-driven systems, and what to do instead. */
export const FLAWS = {
  lost_errors: {
    title: 'a handler catches its error, logs it, and acknowledges the message all the same',
    instead: 'a message is deleted last, and only when all its effects are done',
  },
  read_then_write: {
    title: 'stock is read, changed, and written back without a condition',
    instead: 'stock changes by conditional additions, in one transaction with the record that says so',
  },
  ships_unpaid: {
    title: 'fulfillment ships when an order is placed',
    instead: 'fulfillment looks at the records of payment and reservation, whatever event comes in',
  },
  random_payments: {
    title: 'the outcome of a payment is drawn at random when its message is handled',
    instead: 'the outcome is a property of the order, the same at every delivery',
  },
  no_deduplication: {
    title: 'every delivery is handled as a new event',
    instead: 'a marker record in the same transaction identifies a duplicate, which then only publishes again',
  },
  no_dead_letters: {
    title: 'queues have no dead-letter queue',
    instead: 'a message goes to the dead-letter queue after three receives, or at once when no retry can succeed',
  },
} as const;
export type Flaw = keyof typeof FLAWS;
export const FLAW_NAMES = Object.keys(FLAWS) as Flaw[];

/** Handlers with these flaws and no others; random choices in them follow from the seed. */
export function flawedHandlers(flaws: ReadonlySet<Flaw>, seed: number): Handlers {
  let services = SERVICE_MODULES;
  if (flaws.has('no_deduplication')) services = withoutDeduplication(services);
  if (flaws.has('read_then_write')) services = { ...services, inventory: withReadThenWrite(services.inventory) };
  if (flaws.has('random_payments')) {
    services = { ...services, payment: withRandomPayments(services.payment, new SeededRandom(seed)) };
  }
  if (flaws.has('ships_unpaid')) services = { ...services, fulfillment: shippingUnpaid };
  return {
    services,
    ports: flaws.has('no_dead_letters') ? withoutDeadLetterQueues : (ports) => ports,
    work: flaws.has('lost_errors') ? workLosingErrors : work,
    stack: { deadLetters: !flaws.has('no_dead_letters'), shipsUnpaid: flaws.has('ships_unpaid') },
    repairs: false,
  };
}
