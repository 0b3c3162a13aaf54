import { placeOrder } from '../runtime/create-order.ts';
import type { Ports } from '../runtime/ports.ts';
import { Actor } from './actor.ts';
import type { Dice } from './dice.ts';
import { lineOf } from './line.ts';
import type { Simulation } from './simulation.ts';
import { wishOf } from './wishes.ts';

/** Places order `number` at its time. */
export async function customer(
  simulation: Simulation,
  world: Ports,
  number: number,
  { dice, callMs }: { dice: Dice; callMs: number },
): Promise<void> {
  const actor = new Actor(`customer ${number}`);
  const { ports, clock } = lineOf(simulation, actor, 'customer', world);
  // Within a few calls of each other, so that messages are handled in batches, or further apart.
  await clock.sleep(number * callMs * dice.between(1, 30, 'between orders'));
  const uuid = () => `${(number * 65_536).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const naming = {
    ...ports,
    tables: {
      ...ports.tables,
      write: (writes: Parameters<Ports['tables']['write']>[0]) => {
        const id = /ord_\S+/.exec(writes[0]?.label ?? '')?.[0];
        if (id !== undefined) simulation.names.order(id, number);
        return ports.tables.write(writes);
      },
    },
  };
  await placeOrder(wishOf(number, dice), { ports: naming, clock, ids: { uuid } });
}
