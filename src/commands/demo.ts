import { Command } from 'commander';
import type { App } from '../app.ts';
import { count } from '../cli/arguments.ts';
import { type Connection, connectTo, EMBEDDED_ACCOUNT } from '../connection.ts';
import { CATALOGUE, DEMO_CUSTOMERS } from '../domain/catalogue.ts';
import { validateOrder } from '../domain/order-input.ts';
import { refuseAws } from '../engines/aws.ts';
import { DEFAULT_ENDPOINT, DEFAULT_REGION } from '../engines/endpoint.ts';
import type { AuditReport } from '../shop/audit/audit.ts';
import { metrics } from '../shop/metrics.ts';
import { type DemoFact, demoView } from '../views/demo.ts';
import { inventory } from './inspect/inventory.ts';
import { readLogs } from './inspect/logs.ts';
import { receipts } from './inspect/receipts.ts';
import { orderList } from './order/list.ts';
import { provisionStack } from './provision.ts';

export interface DemoOptions {
  orders?: number;
}

const DEFAULT_ORDERS = 3;

export function demoCommand(app: App): Command {
  return new Command('demo')
    .option('--orders <n>', `how many orders to place (default ${DEFAULT_ORDERS})`, count)
    .addHelpText('after', '\nExample:\n  $ cliffracer demo')
    .action(async (options: DemoOptions) => {
      let audit: AuditReport | undefined;
      for await (const fact of demo(app, options)) {
        await app.print.fact(fact, demoView);
        if (fact.kind === 'audit') audit = fact;
      }
      if (!audit?.ok) app.fail(app.signal.aborted ? 'interrupted' : 'check_failed');
    });
}

/** One order that is fulfilled, one that is not paid, one that asks for more than there is; then round again. */
const STORIES = [
  {
    items: [
      { sku: 'laptop-pro', quantity: 1 },
      { sku: 'keyboard', quantity: 2 },
    ],
    payment: 'approve',
  },
  { items: [{ sku: 'tablet-air', quantity: 1 }], payment: 'decline' },
  { items: [{ sku: 'smartphone-x', quantity: 150 }], payment: 'approve' },
] as const;

/** The whole main job on an engine inside this process: no port, no file, nothing left behind. */
export async function* demo(app: App, options: DemoOptions): AsyncGenerator<DemoFact> {
  refuseAws(app.globals, app.env);
  const started = app.clock.now();
  app.endsOnSignal();
  const [{ createEmulator }, { requestHandler }, { systemTime }] = await Promise.all([
    import('../emulator/index.ts'),
    import('../emulator/request-handler.ts'),
    import('../emulator/core/host.ts'),
  ]);
  // The engine reads the program's clock; its waits are the system's, however long they are.
  const emulator = createEmulator({ host: { ...systemTime, now: () => app.clock.now() } });
  const target = {
    kind: 'local',
    engine: 'embedded',
    endpoint: DEFAULT_ENDPOINT,
    region: DEFAULT_REGION,
    account: EMBEDDED_ACCOUNT,
  } as const;
  const connection = await connectTo(target, undefined, {
    requestHandler: requestHandler(emulator),
    clock: app.clock,
  });
  try {
    yield* provisioning(connection);
    yield* placing(app, connection, options.orders ?? DEFAULT_ORDERS);
    yield* draining(app, connection);
    if (app.signal.aborted) return;
    yield* looking(app, connection, started);
  } finally {
    connection.clients.close();
    emulator.engine.stop();
  }
}

async function* provisioning(connection: Connection): AsyncGenerator<DemoFact> {
  const resources = [];
  for await (const fact of provisionStack(connection)) resources.push(fact);
  yield { kind: 'provisioned', stack: connection.names.stack, resources };
}

async function* placing(app: App, { ports }: Connection, orders: number): AsyncGenerator<DemoFact> {
  const { placeOrder } = await import('../shop/runtime/create-order.ts');
  for (let index = 0; index < orders && !app.signal.aborted; index++) {
    const { customer_id: id, name } = DEMO_CUSTOMERS[index % DEMO_CUSTOMERS.length]!;
    const order = validateOrder({ customer: { id, name }, ...STORIES[index % STORIES.length]! }, CATALOGUE);
    yield { kind: 'placed', ...(await placeOrder(order, { ports, clock: app.clock, ids: app.system })) };
  }
}

async function* draining(app: App, { ports }: Connection): AsyncGenerator<DemoFact> {
  const { drain } = await import('../shop/runtime/drain.ts');
  yield* drain({ ports, clock: app.clock }, { signal: app.signal });
}

async function* looking(app: App, { ports }: Connection, started: number): AsyncGenerator<DemoFact> {
  const { audit } = await import('../shop/audit/audit.ts');
  yield { kind: 'orders', ...(await orderList(ports, {})) };
  yield { kind: 'inventory', inventory: await inventory(ports) };
  yield { kind: 'receipts', ...(await receipts(ports, {})) };
  yield { kind: 'metrics', ...(await metrics(ports, { since: 600_000 }, app.clock.now())) };
  const lines = [];
  for await (const { line } of readLogs(ports, { limit: 8 })) lines.push(line);
  yield { kind: 'logs', lines };
  yield { kind: 'audit', ...(await audit(ports)) };
  yield { kind: 'done', duration_ms: app.clock.now() - started };
}
