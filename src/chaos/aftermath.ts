import { deadLetterQueueOf, queueOf, SERVICES } from '../domain/names.ts';
import { type AuditReport, audit } from '../runtime/audit.ts';
import type { Clock } from '../runtime/clock.ts';
import { drain } from '../runtime/drain.ts';
import type { DrainSummary } from '../runtime/drain-facts.ts';
import type { Ports } from '../runtime/ports.ts';
import type { Services } from '../services/registry.ts';
import type { Stage } from './stage.ts';

/** What an operator does when the storm is over, and what is found then. */
export interface Aftermath {
  /** Dead letters sent back to where they failed. */
  redriven: number;
  /** Dead letters that no service could ever read, removed. */
  discarded: number;
  audit: AuditReport;
}

const ROUNDS = 5;
/** Beyond the queues' visibility timeout: what dead workers had in hand is there again. */
const TIMEOUT_MS = 61_000;

/** Lets the shop run to its end in peace, sending dead letters back, and looks whether everything is right. */
export async function settleAndAudit(stage: Stage, services: Services, ports: Ports): Promise<Aftermath> {
  const clock: Clock = {
    now: () => stage.now(),
    sleep: async (ms) => {
      stage.advance(Math.max(1, ms));
    },
  };
  const calm = calmPorts(ports);
  let [redriven, discarded] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    stage.advance(TIMEOUT_MS);
    const summary = await drained(calm, clock, services);
    const moved = await sendBack(stage.ports);
    redriven += moved.redriven;
    discarded += moved.discarded;
    if (summary.ended === 'empty' && moved.redriven === 0) break;
  }
  return { redriven, discarded, audit: await audit(stage.ports) };
}

/** The engine's clock stands still, so a long poll there would last. */
const calmPorts = (ports: Ports): Ports => ({
  ...ports,
  queues: {
    ...ports.queues,
    receive: (queue, options) => ports.queues.receive(queue, { ...options, waitSeconds: 0 }),
  },
});

async function drained(ports: Ports, clock: Clock, services: Services): Promise<DrainSummary> {
  let summary: DrainSummary | undefined;
  for await (const fact of drain({ ports, clock, services })) if (fact.kind === 'summary') summary = fact;
  return summary!;
}

/** Receive, send, delete, in this order: what is interrupted comes twice, and never gets lost. */
async function sendBack({ queues }: Ports): Promise<{ redriven: number; discarded: number }> {
  let [redriven, discarded] = [0, 0];
  for (const service of SERVICES) {
    const source = deadLetterQueueOf(service);
    for (;;) {
      const messages = await queues.receive(source, { max: 10, waitSeconds: 0 });
      if (messages.length === 0) break;
      const readable = messages.filter(({ attributes }) => attributes.poison === undefined);
      await queues.send(queueOf(service), readable);
      await queues.delete(
        source,
        messages.map(({ receiptHandle }) => receiptHandle),
      );
      redriven += readable.length;
      discarded += messages.length - readable.length;
    }
  }
  return { redriven, discarded };
}
