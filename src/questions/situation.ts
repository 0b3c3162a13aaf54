import type { App } from '../app.ts';
import { SERVICES } from '../domain/names.ts';
import { targetKind } from '../engines/aws.ts';
import { probe } from '../engines/probe.ts';
import { CliffracerError } from '../errors.ts';
import type { Situation } from '../views/menu.ts';

/** Looks at the engine and the stack in use; an engine that fails is one that is not there. */
export async function situationOf(app: App): Promise<Situation> {
  const found = await placeOf(app);
  if ('state' in found) return found;
  const { place } = found;
  try {
    const { ports, names } = await app.connect();
    const [{ queues }, { orderList }] = await Promise.all([
      import('../commands/inspect/queues.ts'),
      import('../commands/order/list.ts'),
    ]);
    const [rows, { orders }] = await Promise.all([queues(ports), orderList(ports, { limit: 1 })]);
    const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
    return {
      ...{ state: 'ready', place, stack: names.stack },
      waiting: sum(({ ready, delayed }) => ready + delayed),
      in_flight: sum((row) => row.in_flight),
      dead_lettered: rows
        .map(({ dead_lettered }, index) => ({ service: SERVICES[index]!, messages: dead_lettered }))
        .filter(({ messages }) => messages > 0),
      has_orders: orders.length > 0,
    };
  } catch (error) {
    if (!(error instanceof CliffracerError) || app.signal.aborted) throw error;
    if (error.code !== 'not_provisioned') return { state: 'no_engine', place, detail: error.message };
    return { state: 'no_stack', place, stack: app.globals.stack ?? 'default' };
  }
}

async function placeOf(app: App): Promise<{ place: string } | Situation> {
  if (targetKind(app.globals, app.env) === 'aws') return { place: 'AWS' };
  const { value } = await app.endpoint();
  const found = await probe(value, app.clock.now);
  if (found.answer !== 'engine') return { state: 'no_engine', place: value, detail: found.detail };
  return { place: `${found.kind} at ${value}` };
}
