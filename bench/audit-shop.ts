import { provisionStack } from '../src/commands/provision.ts';
import { type Connection, connectTo } from '../src/connection.ts';
import { CATALOGUE } from '../src/domain/catalogue.ts';
import { orderCreated, type ShopEvent } from '../src/domain/events.ts';
import { newOrderIds } from '../src/domain/ids.ts';
import { logStreamOf, SERVICES, TABLES } from '../src/domain/names.ts';
import { cancelRequest, newOrder, requestCancel } from '../src/domain/order.ts';
import { validateOrder } from '../src/domain/order-input.ts';
import { type Item, idOf, type PaymentInstruction } from '../src/domain/records.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { requestHandler } from '../src/emulator/request-handler.ts';
import type { LogEntry } from '../src/ports.ts';
import type { Change, State } from '../src/services/effects.ts';
import { SERVICE_MODULES } from '../src/services/registry.ts';
import { audit } from '../src/shop/audit/audit.ts';
import { logEntry } from '../src/shop/runtime/log-lines.ts';
import { afterChange, changedId } from '../src/shop/runtime/transaction.ts';

export interface AuditedShop {
  /** Puts in so many orders that have come to their ends, as the services would leave them. */
  fill(orders: number): Promise<void>;
  /** Milliseconds of one audit, which must find nothing wrong. */
  audit(): Promise<number>;
  close(): void;
}

const PLENTY = 10_000_000;
const CHUNK = 2_000;
const AT_ONCE = 16;
const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };

/** A shop on an engine inside this process, or on the one that answers at `endpoint`. */
export async function openAuditedShop(endpoint?: string): Promise<AuditedShop> {
  const target = { kind: 'local', endpoint: endpoint ?? 'http://127.0.0.1:4566', region: 'us-east-1' } as const;
  const emulator = endpoint === undefined ? createEmulator() : undefined;
  const handler = emulator && { requestHandler: requestHandler(emulator) };
  const connection = await connectTo(target, undefined, { clock, ...handler });
  for await (const _fact of provisionStack(connection));
  const past = new Past();
  return {
    async fill(orders) {
      for (let done = 0; done < orders; done += CHUNK) await put(connection, past.live(Math.min(CHUNK, orders - done)));
    },
    async audit() {
      const start = performance.now();
      const { ok, checks } = await audit(connection.ports, { now: clock.now() });
      if (!ok) throw new Error(`the audit failed: ${JSON.stringify(checks.filter((check) => !check.ok))}`);
      return performance.now() - start;
    },
    close() {
      connection.clients.close();
      emulator?.engine.stop();
    },
  };
}

interface Left {
  tables: Map<string, Item>;
  objects: Map<string, string>;
  logged: LogEntry[];
}

/** Of twenty orders, two are declined, one is rejected, one cancelled when it was paid, and the others are fulfilled. */
class Past {
  readonly #inventory = new Map<string, Item>(
    CATALOGUE.map(({ sku }) => [
      `inventory ${sku}`,
      { sku, stock: PLENTY, available: PLENTY, received: PLENTY, reserved: 0 },
    ]),
  );
  #sequence = 0;

  live(count: number): Left {
    const now = Date.now();
    const left: Left = { tables: new Map(this.#inventory), objects: new Map(), logged: [] };
    for (const id of newOrderIds(count, now, { uuid: () => crypto.randomUUID() })) this.#course(id, now, left);
    for (const [slot, item] of left.tables) if (slot.startsWith('inventory ')) this.#inventory.set(slot, item);
    return left;
  }

  #course(id: string, now: number, { tables, objects, logged }: Left): void {
    const kind = this.#sequence++ % 20;
    const payment: PaymentInstruction = kind < 2 ? 'decline' : 'approve';
    const items = [
      { sku: kind === 2 ? 'laptop-pro' : 'keyboard', quantity: 1 },
      { sku: 'headphones', quantity: 2 },
    ];
    const input = validateOrder({ customer: { id: 'ada' }, items, payment }, CATALOGUE);
    const order = newOrder(id, input, now);
    tables.set(`orders ${id}`, order);
    if (kind === 2)
      tables.set('inventory laptop-pro', {
        ...tables.get('inventory laptop-pro'),
        available: 0,
        stock: 0,
        received: 0,
      });
    const state: State = (table, key) => tables.get(`${table} ${key}`);
    const apply = (change: Change) => {
      const slot = `${change.table} ${changedId(change)}`;
      tables.set(slot, afterChange(tables.get(slot), change)!);
    };
    const waiting: ShopEvent[] = [orderCreated(order)];
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const known = tables.get(`orders ${id}`) as typeof order;
      if (kind === 3 && event.event_type === 'payment_succeeded' && cancelRequest(known) === undefined) {
        const cancelled = requestCancel(known, now)!;
        tables.set(`orders ${id}`, cancelled);
        waiting.push(event);
        event = cancelRequest(cancelled)!;
      }
      for (const service of SERVICES.filter((name) => SERVICE_MODULES[name].consumes.includes(event!.event_type))) {
        const decision = SERVICE_MODULES[service].decide(event, state, now);
        if (!('effects' in decision)) throw new Error(`${service}: ${decision.detail}`);
        for (const effect of decision.effects) {
          if (effect.kind === 'write') effect.changes.forEach(apply);
          else if (effect.kind === 'store') objects.set(effect.key, effect.body);
          else if (effect.kind === 'publish') waiting.push(effect.event);
          else if (effect.kind === 'log' && service === 'analytics') logged.push(lineOf(event, effect, now));
        }
      }
    }
  }
}

function lineOf(event: ShopEvent, effect: { action: string; summary: string }, now: number): LogEntry {
  const { order_id, correlation_id, event_type, event_id, causation_id } = event;
  return logEntry(now, {
    ...{ level: 'info', service: 'analytics', action: effect.action, message: effect.summary },
    ...{ order_id, correlation_id, event_type, event_id, causation_id, message_id: event_id },
    ...{ attempt: 1, outcome: 'handled', duration_ms: 3, effects: [`measure ${effect.summary}`] },
  });
}

async function put({ ports }: Connection, { tables, objects, logged }: Left): Promise<void> {
  for (const table of TABLES) {
    const items = [...tables].filter(([slot]) => slot.startsWith(`${table} `)).map(([, item]) => item);
    await ports.tables.putMany(table, [...new Map(items.map((item) => [idOf(table, item), item])).values()]);
  }
  const receipts = [...objects];
  for (let start = 0; start < receipts.length; start += AT_ONCE) {
    const some = receipts.slice(start, start + AT_ONCE);
    await Promise.all(some.map(([key, body]) => ports.bucket.put(key, body, { contentType: 'application/json' })));
  }
  await ports.logs.put(logStreamOf('analytics'), logged);
}
