import { encodeEvent } from '../../domain/events.ts';
import { logStreamOf, type ServiceName } from '../../domain/names.ts';
import type { Measurement, Ports } from '../../ports.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import { logLines } from './log-lines.ts';
import { fail, type MessageContext } from './message-context.ts';

/** Stores objects: in order within a message, concurrently for different messages. */
export async function storeAll(contexts: readonly MessageContext[], ports: Ports): Promise<void> {
  const storing = contexts.map(async (context) => {
    for (const { kind, summary, key, body, contentType, metadata } of context.pending.stores) {
      await ports.bucket.put(key, body, { contentType, metadata });
      context.done.push({ kind, summary });
    }
  });
  const settled = await Promise.allSettled(storing);
  settled.forEach((result, index) => {
    if (result.status === 'rejected') failOrThrow(contexts[index]!, result.reason);
  });
}

/** Publishes the events of all messages in as few requests as possible; some may fail. */
export async function publishAll(contexts: readonly MessageContext[], ports: Ports): Promise<void> {
  const outgoing = contexts.flatMap((context) =>
    context.pending.publishes.map((effect) => ({ handling: context, effect })),
  );
  if (outgoing.length === 0) return;
  try {
    const failures = await ports.topic.publish(outgoing.map(({ effect }) => encodeEvent(effect.event)));
    const failed = new Map(failures.map((failure) => [failure.index, failure]));
    outgoing.forEach(({ handling: context, effect: { kind, summary } }, index) => {
      const failure = failed.get(index);
      if (failure === undefined) context.done.push({ kind, summary });
      else fail(context, 'failed', { code: failure.code, message: `${summary} was not published: ${failure.message}` });
    });
  } catch (error) {
    for (const context of new Set(outgoing.map(({ handling: context }) => context))) failOrThrow(context, error);
  }
}

/**
 * Writes metrics and log lines of the batch. A failure is only a warning, except for a message without other effects (all
 * of analytics'), which fails and is retried.
 */
export async function report(
  service: ServiceName,
  contexts: readonly MessageContext[],
  ports: Ports,
  now: number,
): Promise<void> {
  const warn = (what: string, error: unknown) => {
    if (isOutage(error)) throw error;
    const { code, message } = stepErrorOf(error);
    for (const context of contexts) {
      if (onlyReports(context)) fail(context, 'failed', { code, message: `${what}: ${message}` });
      else context.warnings.push(`${what}: ${message}`);
    }
  };
  try {
    await ports.metrics.put(contexts.flatMap((context) => measurements(service, context, now)));
    for (const { done, pending: todo } of contexts)
      done.push(...todo.measures.map(({ kind, summary }) => ({ kind, summary })));
  } catch (error) {
    warn('metrics were not recorded', error);
  }
  try {
    await ports.logs.put(
      logStreamOf(service),
      contexts.flatMap((context) => logLines(service, context, now)),
    );
    for (const { done, pending: todo } of contexts)
      done.push(...todo.logs.map(({ kind, summary }) => ({ kind, summary })));
  } catch (error) {
    warn('log lines were not written', error);
  }
}

const onlyReports = ({ pending: { writes, stores, publishes, measures } }: MessageContext) =>
  measures.length > 0 && writes.length + stores.length + publishes.length === 0;

// PutMetricData takes what is at most two weeks old and two hours ahead (CloudWatch API Reference); a margin for clocks.
const OLDEST_MS = 13 * 24 * 3_600_000;
const NEWEST_MS = 3_600_000;

function measurements(service: ServiceName, context: MessageContext, now: number): Measurement[] {
  const dimensions = { Service: service };
  const measured: Measurement[] = context.pending.measures.flatMap(({ metrics }) =>
    metrics.map(({ at = now, ...metric }) => ({
      ...metric,
      at: at < now - OLDEST_MS || at > now + NEWEST_MS ? now : at,
    })),
  );
  measured.push({ name: 'ProcessingTime', value: context.durationMs, unit: 'Milliseconds', dimensions, at: now });
  // A zero for what went well: the average over a period is the error rate.
  const errors = context.error === undefined ? 0 : 1;
  measured.push({ name: 'Errors', value: errors, unit: 'Count', dimensions, at: now });
  return measured;
}

export function failOrThrow(context: MessageContext, error: unknown): void {
  if (isOutage(error)) throw error;
  fail(context, 'failed', stepErrorOf(error));
}
