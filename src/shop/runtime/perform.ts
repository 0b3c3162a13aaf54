import { encodeEvent } from '../../domain/events.ts';
import { logStreamOf, type ServiceName } from '../../domain/names.ts';
import type { Measurement, Ports } from '../../ports.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import { fail, type Handling } from './handling.ts';
import { logLines } from './log-lines.ts';

/** Stores objects, each message's in its order, different messages' side by side. */
export async function storeAll(handlings: readonly Handling[], ports: Ports): Promise<void> {
  const storing = handlings.map(async (handling) => {
    for (const { kind, summary, key, body, contentType, metadata } of handling.todo.stores) {
      await ports.bucket.put(key, body, { contentType, metadata });
      handling.done.push({ kind, summary });
    }
  });
  const settled = await Promise.allSettled(storing);
  settled.forEach((result, index) => {
    if (result.status === 'rejected') failOrThrow(handlings[index]!, result.reason);
  });
}

/** Publishes what all messages of the batch cause in as few requests as possible; a part may fail. */
export async function publishAll(handlings: readonly Handling[], ports: Ports): Promise<void> {
  const outgoing = handlings.flatMap((handling) => handling.todo.publishes.map((effect) => ({ handling, effect })));
  if (outgoing.length === 0) return;
  try {
    const failures = await ports.topic.publish(outgoing.map(({ effect }) => encodeEvent(effect.event)));
    const failed = new Map(failures.map((failure) => [failure.index, failure]));
    outgoing.forEach(({ handling, effect: { kind, summary } }, index) => {
      const failure = failed.get(index);
      if (failure === undefined) handling.done.push({ kind, summary });
      else
        fail(handling, 'failed', { code: failure.code, message: `${summary} was not published: ${failure.message}` });
    });
  } catch (error) {
    for (const handling of new Set(outgoing.map(({ handling }) => handling))) failOrThrow(handling, error);
  }
}

/**
 * Metrics and log lines of the batch. The shop goes on without them: what is refused is told, not fatal. But a message
 * that asks for nothing else (analytics' all do) fails, and is tried again.
 */
export async function report(
  service: ServiceName,
  handlings: readonly Handling[],
  ports: Ports,
  now: number,
): Promise<void> {
  const warn = (what: string, error: unknown) => {
    if (isOutage(error)) throw error;
    const { code, message } = stepErrorOf(error);
    for (const handling of handlings) {
      if (onlyReports(handling)) fail(handling, 'failed', { code, message: `${what}: ${message}` });
      else handling.warnings.push(`${what}: ${message}`);
    }
  };
  try {
    await ports.metrics.put(handlings.flatMap((handling) => measurements(service, handling, now)));
    for (const { done, todo } of handlings) done.push(...todo.measures.map(({ kind, summary }) => ({ kind, summary })));
  } catch (error) {
    warn('metrics were not recorded', error);
  }
  try {
    await ports.logs.put(
      logStreamOf(service),
      handlings.flatMap((handling) => logLines(service, handling, now)),
    );
    for (const { done, todo } of handlings) done.push(...todo.logs.map(({ kind, summary }) => ({ kind, summary })));
  } catch (error) {
    warn('log lines were not written', error);
  }
}

const onlyReports = ({ todo: { writes, stores, publishes, measures } }: Handling) =>
  measures.length > 0 && writes.length + stores.length + publishes.length === 0;

// PutMetricData takes what is at most two weeks old and two hours ahead (CloudWatch API Reference); a margin for clocks.
const OLDEST_MS = 13 * 24 * 3_600_000;
const NEWEST_MS = 3_600_000;

function measurements(service: ServiceName, handling: Handling, now: number): Measurement[] {
  const dimensions = { Service: service };
  const measured: Measurement[] = handling.todo.measures.flatMap(({ metrics }) =>
    metrics.map(({ at = now, ...metric }) => ({
      ...metric,
      at: at < now - OLDEST_MS || at > now + NEWEST_MS ? now : at,
    })),
  );
  measured.push({ name: 'ProcessingTime', value: handling.spent, unit: 'Milliseconds', dimensions, at: now });
  // A zero for what went well: the average over a period is the error rate.
  const errors = handling.error === undefined ? 0 : 1;
  measured.push({ name: 'Errors', value: errors, unit: 'Count', dimensions, at: now });
  return measured;
}

export function failOrThrow(handling: Handling, error: unknown): void {
  if (isOutage(error)) throw error;
  fail(handling, 'failed', stepErrorOf(error));
}
