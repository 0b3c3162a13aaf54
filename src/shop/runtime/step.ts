import { queueOf, type ServiceName } from '../../domain/names.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import type { Services } from '../../services/registry.ts';
import { type Clock, elapsed } from './clock.ts';
import type { StepFact } from './facts.ts';
import { isOutage, stepErrorOf } from './failure.ts';
import { giveUp } from './give-up.ts';
import { begin, decideAndWrite, type Handling } from './handling.ts';
import { Loaded } from './loaded.ts';
import { knownOf } from './log-lines.ts';
import { failOrThrow, publishAll, report, storeAll } from './perform.ts';

export interface StepDeps {
  ports: Ports;
  clock: Clock;
  services: Services;
  /** Seconds until a message that failed is ready again; undefined leaves it to its visibility timeout. */
  retryDelay(attempt: number): number | undefined;
}

/**
 * Handles received messages of one service (1 to 10): the only place where a message is worked on. Kinds of effects
 * keep their order for every message, and acknowledging comes last, so a crash anywhere leads to another delivery,
 * which finds the marker and publishes again. A message that fails stays, whatever becomes of its neighbours; one that
 * cannot succeed goes to the dead-letter queue at once.
 *
 * Rejects when the engine is out of reach or not set up; no message of the batch is acknowledged then.
 */
export async function handleMessages(
  service: ServiceName,
  messages: readonly ReceivedMessage[],
  deps: StepDeps,
): Promise<StepFact[]> {
  const handlings = messages.map(begin);
  try {
    await work(service, handlings, deps);
    await giveUp(service, handlings, deps.ports);
    await acknowledge(service, handlings, deps.ports);
  } catch (error) {
    await giveBack(service, handlings, deps);
    throw error;
  }
  await giveBack(service, handlings, deps);
  return handlings.map((handling) => factOf(service, handling));
}

async function work(service: ServiceName, handlings: readonly Handling[], deps: StepDeps): Promise<void> {
  const { ports, clock } = deps;
  const spend = async (spenders: readonly Handling[], task: () => Promise<void>) => {
    const start = elapsed(clock);
    await task();
    const spent = elapsed(clock) - start;
    for (const handling of spenders) handling.spent += spent;
  };
  const loaded = new Loaded(ports.tables);
  await spend(handlings, () => loadAll(service, handlings, loaded, deps));
  for (const handling of handlings.filter(going)) {
    await spend([handling], () => writeOne(service, handling, loaded, deps));
  }
  await spend(handlings, () => storeAll(handlings, ports));
  await spend(handlings, () => publishAll(handlings, ports));
  await report(service, handlings, ports, clock.now());
}

async function loadAll(
  service: ServiceName,
  handlings: readonly Handling[],
  loaded: Loaded,
  deps: StepDeps,
): Promise<void> {
  try {
    const module = deps.services[service];
    await loaded.load(handlings.flatMap(({ parsed }) => ('event' in parsed ? module.load(parsed.event) : [])));
  } catch (error) {
    for (const handling of handlings.filter(going)) failOrThrow(handling, error);
  }
}

async function writeOne(service: ServiceName, handling: Handling, loaded: Loaded, deps: StepDeps): Promise<void> {
  try {
    await decideAndWrite(handling, deps.services[service], loaded, deps.ports.tables, deps.clock.now());
  } catch (error) {
    failOrThrow(handling, error);
  }
}

const going = ({ error }: Handling) => error === undefined;

async function acknowledge(service: ServiceName, handlings: readonly Handling[], ports: Ports): Promise<void> {
  const finished = handlings.filter((handling) => going(handling) || handling.deadLetterQueue !== undefined);
  if (finished.length === 0) return;
  const handles = finished.map(({ message }) => message.receiptHandle);
  const failures = await ports.queues.delete(queueOf(service), handles).catch((error: unknown) => {
    if (isOutage(error)) throw error;
    const { code, message } = stepErrorOf(error);
    return handles.map((_, index) => ({ index, code, message }));
  });
  const failed = new Map(failures.map((failure) => [failure.index, failure]));
  finished.forEach((handling, index) => {
    const failure = failed.get(index);
    handling.acknowledged = failure === undefined;
    if (failure === undefined) return;
    const message = `not acknowledged (${failure.code}): ${failure.message}`;
    // What was to be done is done; the next delivery will be the duplicate.
    if (going(handling)) {
      handling.outcome = 'failed';
      handling.error = { code: 'not_acknowledged', message };
    } else handling.warnings.push(message);
  });
}

/**
 * Makes what was not acknowledged ready again, sooner than its visibility timeout would. When that fails the timeout
 * does it, so a failure is told and no more.
 */
async function giveBack(service: ServiceName, handlings: readonly Handling[], deps: StepDeps): Promise<void> {
  const returned = handlings.flatMap((handling) => {
    const { receiptHandle, receiveCount } = handling.message;
    const seconds = handling.acknowledged ? undefined : deps.retryDelay(receiveCount);
    return seconds === undefined ? [] : [{ handling, entry: { receiptHandle, seconds } }];
  });
  if (returned.length === 0) return;
  const warn = (handling: Handling, message: string) => handling.warnings.push(`not given back yet: ${message}`);
  try {
    const entries = returned.map(({ entry }) => entry);
    const failures = await deps.ports.queues.changeVisibility(queueOf(service), entries);
    for (const { index, message } of failures) warn(returned[index]!.handling, message);
  } catch (error) {
    for (const { handling } of returned) warn(handling, stepErrorOf(error).message);
  }
}

function factOf(service: ServiceName, handling: Handling): StepFact {
  const { message, outcome, acknowledged, deadLetterQueue, done, error, warnings, spent } = handling;
  return {
    kind: 'step',
    service,
    queue: queueOf(service),
    message_id: message.messageId,
    ...knownOf(handling),
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
