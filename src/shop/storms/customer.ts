import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { cancelOrder } from '../runtime/cancel-order.ts';
import type { Clock } from '../runtime/clock.ts';
import { placeOrder } from '../runtime/create-order.ts';
import { Actor } from './actor.ts';
import type { Dice } from './dice.ts';
import { lineOf } from './line.ts';
import type { Simulation } from './simulation.ts';
import type { Wish } from './wishes.ts';

export interface Shopping {
  wish: Wish;
  dice: Dice;
  /** How long a call takes. */
  callMs: number;
}

/** Places order `number` at its time, and may think better of it; the program may die in the midst of that. */
export async function customer(
  simulation: Simulation,
  world: Ports,
  number: number,
  shopping: Shopping,
): Promise<void> {
  const actor = new Actor(`customer ${number}`);
  const line = lineOf(simulation, actor, 'customer', world);
  await Promise.race([shop(simulation, line, number, shopping), actor.killed]);
}

async function shop(
  simulation: Simulation,
  { ports, clock }: { ports: Ports; clock: Clock },
  number: number,
  { wish, dice, callMs }: Shopping,
): Promise<void> {
  // Within a few calls of each other, so that messages are handled in batches, or further apart.
  await clock.sleep(number * callMs * dice.between(0, 20, 'between orders'));
  const uuid = () => `${(number * 65_536).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  try {
    const { order } = await placeOrder(wish.order, { ports: naming(simulation, ports, number), clock, ids: { uuid } });
    if (wish.regret === undefined) return;
    await clock.sleep(wish.regret * callMs);
    await cancelOrder(order.order_id, { ports, clock });
  } catch (error) {
    // What a person would read, and perhaps try again: the order did not get through, or cannot be cancelled any more.
    if (!(error instanceof CliffracerError) || error.code === 'internal') throw error;
  }
}

/** Makes the order known by its number as soon as it has an id. */
const naming = (simulation: Simulation, ports: Ports, number: number): Ports => ({
  ...ports,
  tables: {
    ...ports.tables,
    write(writes) {
      const id = /ord_\S+/.exec(writes[0]?.label ?? '')?.[0];
      if (id !== undefined) simulation.names.order(id, number);
      return ports.tables.write(writes);
    },
  },
});
