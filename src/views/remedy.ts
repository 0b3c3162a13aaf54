import type { Remedy } from '../errors.ts';

const COMMANDS: Record<Remedy['action'], (id: string) => string> = {
  list_orders: () => 'order list',
  show_order: (id) => `order show ${id}`,
  retry_order: (id) => `order retry ${id}`,
  trace_order: (id) => `trace ${id}`,
  show_inventory: () => 'inspect inventory',
  show_queues: () => 'inspect queues',
  list_dead_letters: () => 'dlq list',
  show_dead_letters: (id) => `dlq show ${id}`,
};

/** The command line of a remedy. */
export const commandOf = ({ action, id }: Remedy): string => `cliffracer ${COMMANDS[action](id)}`;

/** A hint as it is shown. */
export const hintText = (hint: string | Remedy): string => (typeof hint === 'string' ? hint : commandOf(hint));
