import { SERVICE_MODULES } from '../../../services/registry.ts';
import { work } from '../../runtime/worker.ts';
import { Dice } from '../dice.ts';
import type { Handlers } from '../handlers.ts';
import { workCarelessly } from './careless-worker.ts';
import { withoutDeadLetterQueues } from './no-dead-letters.ts';
import { forgetful } from './no-deduplication.ts';
import { payingByChance } from './random-payments.ts';
import { readingThenWriting } from './read-then-write.ts';
import { shippingWhenOrdered } from './ships-unpaid.ts';

/** What systems like this one are built with every day, and what it does to them. */
export const FLAWS = {
  lost_errors: {
    title: 'a handler catches its error, logs it, and acknowledges the message all the same',
    instead: 'a message is deleted last, and only when everything that it asks for is done',
  },
  read_then_write: {
    title: 'stock is read, reckoned with, and written back',
    instead: 'stock changes by conditional additions, in one transaction with the record that says so',
  },
  ships_unpaid: {
    title: 'fulfillment ships when an order is placed',
    instead: 'fulfillment looks at the records of payment and reservation, whatever event comes in',
  },
  random_payments: {
    title: 'whether a payment succeeds is drawn when its message is handled',
    instead: 'the outcome is a property of the order, the same at every delivery',
  },
  no_deduplication: {
    title: 'every delivery is taken for a new event',
    instead: 'a marker record in the same transaction tells a duplicate, which then only publishes again',
  },
  no_dead_letters: {
    title: 'queues have no dead-letter queue',
    instead: 'after three receives, or at once when nothing can help, a message goes to the dead-letter queue',
  },
} as const;
export type Flaw = keyof typeof FLAWS;
export const FLAW_NAMES = Object.keys(FLAWS) as Flaw[];

/** Handlers with these flaws, and otherwise right; chance in them follows from the seed. */
export function flawedHandlers(flaws: ReadonlySet<Flaw>, seed: number): Handlers {
  let services = SERVICE_MODULES;
  if (flaws.has('no_deduplication')) services = forgetful(services);
  if (flaws.has('read_then_write')) services = { ...services, inventory: readingThenWriting(services.inventory) };
  if (flaws.has('random_payments')) {
    services = { ...services, payment: payingByChance(services.payment, new Dice(seed)) };
  }
  if (flaws.has('ships_unpaid')) services = { ...services, fulfillment: shippingWhenOrdered };
  return {
    services,
    ports: flaws.has('no_dead_letters') ? withoutDeadLetterQueues : (ports) => ports,
    work: flaws.has('lost_errors') ? workCarelessly : work,
    setup: { deadLetters: !flaws.has('no_dead_letters'), shipsUnpaid: flaws.has('ships_unpaid') },
    mends: false,
  };
}
