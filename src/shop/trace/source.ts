import type { Clock } from '../../clock.ts';
import { keyOf, type OrderRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { buildTrace } from './build.ts';
import type { Trace, TraceStep } from './facts.ts';
import { readLines, type TraceLine } from './lines.ts';
import { locateMissing } from './missing.ts';
import { stepsOf } from './steps.ts';

/** Lines may come late by so much, and clocks differ a little. */
const LATENESS_MS = 10_000;
const FOLLOW_PAUSE_MS = 1_000;

/** The trace of an order as it is now; rejects with `not_found`. */
export async function traceOrder(orderId: string, ports: Ports): Promise<Trace> {
  return new Source(orderId, ports).read();
}

export type FollowFact = TraceStep | ({ kind: 'trace' } & Trace);

/** Tells each delivery as its line comes, until the order is settled or `signal` aborts; then the whole trace. */
export async function* followOrder(
  orderId: string,
  deps: { ports: Ports; clock: Clock; signal: AbortSignal },
): AsyncGenerator<FollowFact, void, undefined> {
  const { ports, clock, signal } = deps;
  const source = new Source(orderId, ports);
  const told = new Set<string>();
  for (;;) {
    const trace = await source.read();
    for (const step of stepsOf(trace)) {
      const id = `${step.event_id} ${step.service} ${step.message_id} ${step.attempt}`;
      if (!told.has(id)) yield step;
      told.add(id);
    }
    if (trace.settled || signal.aborted) {
      yield { kind: 'trace', ...trace };
      return;
    }
    await clock.sleep(FOLLOW_PAUSE_MS, signal);
  }
}

/** What is known of one order, read again and again without reading everything again. */
class Source {
  readonly #orderId: string;
  readonly #ports: Ports;
  readonly #lines = new Map<string, TraceLine>();
  #latest: number | undefined;

  constructor(orderId: string, ports: Ports) {
    this.#orderId = orderId;
    this.#ports = ports;
  }

  async read(): Promise<Trace> {
    const order = (await this.#ports.tables.get('orders', keyOf('orders', this.#orderId))) as OrderRecord | undefined;
    const from = this.#latest ?? (order === undefined ? 0 : Date.parse(order.created_at));
    const since = Math.max(0, from - LATENESS_MS);
    for (const line of await readLines(this.#ports.logs, this.#orderId, since)) {
      this.#lines.set(line.id, line);
      this.#latest = Math.max(this.#latest ?? 0, line.at);
    }
    if (order === undefined && this.#lines.size === 0) throw noSuchOrder(this.#orderId);
    const lines = [...this.#lines.values()].sort((a, b) => a.at - b.at);
    const trace = buildTrace(this.#orderId, order, lines);
    if (trace.missing.length > 0) await locateMissing(trace, this.#ports);
    return trace;
  }
}

const noSuchOrder = (id: string) =>
  new CliffracerError('not_found', `no order ${JSON.stringify(id)}, and no log line about it`, {
    hint: { action: 'list_orders', id: '' },
  });
