import { type Clock, elapsed } from '../../clock.ts';
import { queueOf, type ServiceName } from '../../domain/names.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import type { Service } from '../../services/effects.ts';
import type { Services } from '../../services/registry.ts';
import { BatchState } from './batch-state.ts';
import type { StepFact } from './facts.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import { KeyLanes } from './key-lanes.ts';
import { knownOf } from './log-lines.ts';
import { createContext, type MessageContext } from './message-context.ts';
import { failOrThrow, publishAll, report, storeAll } from './perform.ts';
import { deadLetterPoison } from './poison.ts';
import { decideAndWrite, keysOf, loadsOf } from './write-batch.ts';

export interface StepDeps {
  ports: Ports;
  clock: Clock;
  services: Services;
  /** Seconds until a failed message is visible again; undefined leaves it to its visibility timeout. */
  retryDelay(attempt: number): number | undefined;
  /** Of this process: batches that are handled at the same time take turns at the records that they share. */
  lanes?: KeyLanes;
}

/**
 * Handles a batch of received messages of one service; nothing else handles messages. Effects are performed in a
 * fixed order and messages are deleted last, so a crash anywhere leads to another delivery, which finds the marker record
 * and publishes again. A message that fails does not affect the others of the batch; one that cannot succeed goes to the
 * dead-letter queue at once.
 *
 * Rejects when the engine is unreachable or not provisioned; no message of the batch is acknowledged then.
 */
export async function handleMessages(
  service: ServiceName,
  messages: readonly ReceivedMessage[],
  deps: StepDeps,
): Promise<StepFact[]> {
  const contexts = messages.map(createContext);
  try {
    await processBatch(service, contexts, deps);
    await deadLetterPoison(service, contexts, deps.ports);
    await acknowledge(service, contexts, deps.ports);
  } catch (error) {
    await releaseUnacknowledged(service, contexts, deps);
    throw error;
  }
  await releaseUnacknowledged(service, contexts, deps);
  return contexts.map((context) => factOf(service, context));
}

async function processBatch(service: ServiceName, contexts: readonly MessageContext[], deps: StepDeps): Promise<void> {
  const { ports, clock } = deps;
  const timed = async (measured: readonly MessageContext[], task: () => Promise<void>) => {
    const start = elapsed(clock);
    await task();
    const spent = elapsed(clock) - start;
    for (const context of measured) context.durationMs += spent;
  };
  const module = deps.services[service];
  const state = new BatchState(ports.tables);
  await (deps.lanes ?? new KeyLanes()).run(keysOf(contexts, module), () =>
    timed(contexts, async () => {
      await loadAll(contexts, module, state);
      const now = () => clock.now();
      await decideAndWrite(contexts.filter(succeeded), { service: module, state, tables: ports.tables, now });
    }),
  );
  await timed(contexts, () => storeAll(contexts, ports));
  await timed(contexts, () => publishAll(contexts, ports));
  await report(service, contexts, ports, clock.now());
}

async function loadAll(contexts: readonly MessageContext[], service: Service, state: BatchState): Promise<void> {
  try {
    await state.load(loadsOf(contexts, service));
  } catch (error) {
    for (const context of contexts.filter(succeeded)) failOrThrow(context, error);
  }
}

const succeeded = ({ error }: MessageContext) => error === undefined;

async function acknowledge(service: ServiceName, contexts: readonly MessageContext[], ports: Ports): Promise<void> {
  const finished = contexts.filter((context) => succeeded(context) || context.deadLetterQueue !== undefined);
  if (finished.length === 0) return;
  const handles = finished.map(({ message }) => message.receiptHandle);
  const failures = await ports.queues.delete(queueOf(service), handles).catch((error: unknown) => {
    if (isOutage(error)) throw error;
    const { code, message } = stepErrorOf(error);
    return handles.map((_, index) => ({ index, code, message }));
  });
  const failed = new Map(failures.map((failure) => [failure.index, failure]));
  finished.forEach((context, index) => {
    const failure = failed.get(index);
    context.acknowledged = failure === undefined;
    if (failure === undefined) return;
    const message = `not acknowledged (${failure.code}): ${failure.message}`;
    // All effects are done; the next delivery will be a duplicate.
    if (succeeded(context)) {
      context.outcome = 'failed';
      context.error = { code: 'not_acknowledged', message };
    } else context.warnings.push(message);
  });
}

/**
 * Makes unacknowledged messages visible before their visibility timeout ends. A failure is only a warning, because the
 * timeout does the same.
 */
async function releaseUnacknowledged(
  service: ServiceName,
  contexts: readonly MessageContext[],
  deps: StepDeps,
): Promise<void> {
  const returned = contexts.flatMap((context) => {
    const { receiptHandle, receiveCount } = context.message;
    const seconds = context.acknowledged ? undefined : deps.retryDelay(receiveCount);
    return seconds === undefined ? [] : [{ handling: context, entry: { receiptHandle, seconds } }];
  });
  if (returned.length === 0) return;
  const warn = (context: MessageContext, message: string) => context.warnings.push(`not released yet: ${message}`);
  try {
    const entries = returned.map(({ entry }) => entry);
    const failures = await deps.ports.queues.changeVisibility(queueOf(service), entries);
    for (const { index, message } of failures) warn(returned[index]!.handling, message);
  } catch (error) {
    for (const { handling: context } of returned) warn(context, stepErrorOf(error).message);
  }
}

function factOf(service: ServiceName, context: MessageContext): StepFact {
  const { message, outcome, acknowledged, deadLetterQueue, done, error, warnings, durationMs: spent } = context;
  return {
    kind: 'step',
    service,
    queue: queueOf(service),
    message_id: message.messageId,
    ...knownOf(context),
    attempt: message.receiveCount,
    outcome,
    acknowledged,
    ...(deadLetterQueue !== undefined && { dead_letter_queue: deadLetterQueue }),
    effects: done,
    ...(error !== undefined && { error }),
    warnings,
    duration_ms: spent,
  };
}
