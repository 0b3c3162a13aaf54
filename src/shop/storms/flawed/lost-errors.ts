import { queueOf, SERVICES, type ServiceName } from '../../../domain/names.ts';
import { SERVICE_MODULES } from '../../../services/registry.ts';
import type { StepFact } from '../../runtime/facts.ts';
import { handleMessages, type StepDeps } from '../../runtime/step.ts';
import { retryDelay, type WorkDeps, type WorkFact, type WorkOptions } from '../../runtime/worker.ts';

const PAUSE_MS = 500;

/** A worker that logs errors and deletes the message all the same. */
export async function* workLosingErrors(
  deps: WorkDeps,
  { services = SERVICES, stop }: WorkOptions,
): AsyncGenerator<WorkFact> {
  const step = { ...deps, services: deps.services ?? SERVICE_MODULES, retryDelay };
  while (!stop.aborted) for (const service of services) yield* await handleBatch(service, step, stop);
}

async function handleBatch(service: ServiceName, deps: StepDeps, stop: AbortSignal): Promise<StepFact[]> {
  const { queues } = deps.ports;
  const queue = queueOf(service);
  try {
    const messages = await queues.receive(queue, { max: 10, waitSeconds: 20, signal: stop });
    if (messages.length === 0) return [];
    const facts = await handleMessages(service, messages, deps);
    const failed = new Set(facts.filter(({ outcome }) => outcome === 'failed').map(({ message_id }) => message_id));
    const swallowed = messages.filter(({ messageId }) => failed.has(messageId));
    await queues.delete(
      queue,
      swallowed.map(({ receiptHandle }) => receiptHandle),
    );
    return facts;
  } catch {
    await deps.clock.sleep(PAUSE_MS, stop);
    return [];
  }
}
