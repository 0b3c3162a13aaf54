import type { Clock } from '../../clock.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { cancelOrder } from '../runtime/cancel-order.ts';
import { placeOrder } from '../runtime/create-order.ts';
import { Actor } from './actor.ts';
import { instrumentedPorts } from './instrumented-ports.ts';
import type { OrderScenario } from './order-scenarios.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

export interface CustomerOptions {
  scenario: OrderScenario;
  random: SeededRandom;
  /** How long a call takes. */
  callMs: number;
}

/** Places order `number` and may cancel it later; a fault may kill the process in between. */
export async function runCustomer(
  simulation: Simulation,
  ports: Ports,
  number: number,
  options: CustomerOptions,
): Promise<void> {
  const actor = new Actor(`customer ${number}`);
  const process = instrumentedPorts(simulation, actor, 'customer', ports);
  await Promise.race([placeAndCancel(simulation, process, number, options), actor.killed]);
}

async function placeAndCancel(
  simulation: Simulation,
  { ports, clock }: { ports: Ports; clock: Clock },
  number: number,
  { scenario, random, callMs }: CustomerOptions,
): Promise<void> {
  // Within a few calls of each other, so that messages are handled in batches, or further apart.
  await clock.sleep(number * callMs * random.between(0, 20, 'between orders'));
  const uuid = () => `${(number * 65_536).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  try {
    const { order } = await placeOrder(scenario.order, {
      ports: withOrderNumbers(simulation, ports, number),
      clock,
      ids: { uuid },
    });
    if (scenario.cancelAfter === undefined) return;
    await clock.sleep(scenario.cancelAfter * callMs);
    await cancelOrder(order.order_id, { ports, clock });
  } catch (error) {
    // Errors that a customer would see: the order was not placed, or cannot be cancelled any more.
    if (!(error instanceof CliffracerError) || error.code === 'internal') throw error;
  }
}

/** Registers the order's number under its id before the first write. */
const withOrderNumbers = (simulation: Simulation, ports: Ports, number: number): Ports => ({
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
